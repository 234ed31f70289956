import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;
import org.opendatakit.validate.ErrorListener;
import org.opendatakit.validate.FormValidator;

/** JavaRosa behind JSON lines: one request a line on stdin, one answer a line on stdout. javarosa.py talks to it. */
public class Engine {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Files FILES = new Files();
    private static final Pattern STEP = Pattern.compile("/([^/\\[]+)(?:\\[(\\d+)])?");

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(System.out, true, "UTF-8");
        System.setOut(System.err); // stdout carries answers only
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
        new XFormsModule().registerModule();
        ReferenceManager.instance().addReferenceFactory(FILES);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = requests.readLine()) != null; ) {
            ObjectNode answer = JSON.createObjectNode();
            try {
                answer.set("ok", answer(JSON.readTree(line)));
            } catch (Exception | StackOverflowError fault) {
                answer.put("error", fault.toString());
            }
            answers.println(JSON.writeValueAsString(answer));
        }
    }

    private static JsonNode answer(JsonNode request) throws Exception {
        String xform = request.get("xform").asText();
        FILES.folder = request.hasNonNull("files") ? request.get("files").asText() : null;
        switch (request.get("operation").asText()) {
            case "run":
                return new Entry(load(xform)).run(request.get("steps"));
            case "evaluate":
                return evaluate(load(xform), request.get("cases"));
            case "validate":
                return JSON.getNodeFactory().textNode(validate(xform));
            default:
                throw new IllegalArgumentException("no such operation");
        }
    }

    private static FormDef load(String xform) throws Exception {
        byte[] bytes = xform.getBytes(StandardCharsets.UTF_8);
        FormDef form = XFormUtils.getFormFromInputStream(new ByteArrayInputStream(bytes));
        form.initialize(true, new InstanceInitializationFactory());
        return form;
    }

    /** The errors that ODK Validate finds; empty for a form that it takes. */
    private static String validate(String xform) {
        StringBuilder errors = new StringBuilder();
        FormValidator validator = new FormValidator().setErrorListener(new ErrorListener() {
            @Override
            public void error(Object message) {
                errors.append(message).append('\n');
            }

            @Override
            public void error(Object message, Throwable cause) {
                errors.append(message).append(": ").append(cause).append('\n');
            }

            @Override
            public void info(Object message) {
            }
        });
        validator.validate(xform.getBytes(StandardCharsets.UTF_8));
        return errors.toString();
    }

    /** The value of each expression in the form as it stands, each seen from a node. */
    private static JsonNode evaluate(FormDef form, JsonNode cases) throws Exception {
        ArrayNode values = JSON.createArrayNode();
        for (JsonNode one : cases) {
            EvaluationContext here = new EvaluationContext(form.getEvaluationContext(), reference(one.get(1).asText()));
            try {
                Object value = XPathParseTool.parseXPath(one.get(0).asText()).eval(form.getMainInstance(), here);
                values.add(json(XPathFuncExpr.unpack(value)));
            } catch (RuntimeException fault) {
                values.addObject().put("error", fault.toString());
            }
        }
        return values;
    }

    private static JsonNode json(Object value) {
        if (value instanceof Date) return JSON.getNodeFactory().textNode(XPathFuncExpr.toString(value));
        if (value instanceof Double && ((Double) value).isNaN()) return JSON.getNodeFactory().nullNode();
        return JSON.valueToTree(value);
    }

    /** `/data/votes[2]/count` as a reference; positions are counted from 1, and 1 may be left out. */
    static TreeReference reference(String path) {
        TreeReference reference = TreeReference.rootRef();
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            int position = step.group(2) == null ? 1 : Integer.parseInt(step.group(2));
            reference = reference.extendRef(step.group(1), position - 1);
        }
        return reference;
    }

    /** The opposite of `reference`; it leaves out the position 1. */
    static String path(TreeReference reference) {
        StringBuilder path = new StringBuilder();
        for (int level = 0; level < reference.size(); level++) {
            path.append('/').append(reference.getName(level));
            if (reference.getMultiplicity(level) > 0) path.append('[').append(reference.getMultiplicity(level) + 1).append(']');
        }
        return path.toString();
    }
}
