import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;

/** The files beside a form: those of one folder, where a request names it. */
class Files extends PrefixedRootFactory {
    String folder;

    Files() {
        super(new String[] {"file-csv", "file"});
    }

    @Override
    public boolean derives(String uri) {
        return folder != null && super.derives(uri);
    }

    @Override
    protected Reference factory(String name, String uri) {
        return new Place(new File(folder, name), uri);
    }

    /** JavaRosa asks a reference for nothing but its place. */
    private static class Place implements Reference {
        private final File file;
        private final String uri;

        Place(File file, String uri) {
            this.file = file;
            this.uri = uri;
        }

        @Override
        public boolean doesBinaryExist() {
            return file.exists();
        }

        @Override
        public InputStream getStream() throws IOException {
            return new java.io.FileInputStream(file);
        }

        @Override
        public String getURI() {
            return uri;
        }

        @Override
        public String getLocalURI() {
            return file.getPath();
        }

        @Override
        public boolean isReadOnly() {
            return true;
        }

        @Override
        public OutputStream getOutputStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void remove() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reference[] probeAlternativeReferences() {
            return new Reference[0];
        }
    }
}
