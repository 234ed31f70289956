import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormAnswerDataSerializer;

/** One form being filled in, as a person does it: only what is shown can be answered. */
class Entry {
    private static final Pattern INSTANCE = Pattern.compile("(.*?)(?:\\[(\\d+)])?");

    private final FormDef form;
    private final FormEntryModel model;
    private final FormEntryController controller;

    Entry(FormDef form) {
        this.form = form;
        model = new FormEntryModel(form);
        controller = new FormEntryController(model);
    }

    JsonNode run(JsonNode steps) throws Exception {
        ObjectNode report = Engine.JSON.createObjectNode();
        ArrayNode refused = report.putArray("refused");
        for (JsonNode step : steps) {
            String path = step.get(0).asText();
            boolean done = step.size() == 1 ? remove(path) : answer(path, step.get(1));
            if (!done) refused.add(path);
        }
        describe(report);
        report.put("submission", new String(new XFormSerializingVisitor().serializeInstance(form.getMainInstance()), StandardCharsets.UTF_8));
        report.put("instance", text(form.getMainInstance().getRoot()));
        return report;
    }

    /** Go through the form from its first page; repeats of a given length get their instances on the way. */
    private int step(int event) {
        if (event == FormEntryController.EVENT_BEGINNING_OF_FORM) controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        return controller.stepToNextEvent();
    }

    private boolean answer(String path, JsonNode value) {
        int event = FormEntryController.EVENT_BEGINNING_OF_FORM;
        while ((event = step(event)) != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex index = model.getFormIndex();
            String here = Engine.path(index.getReference());
            if (event == FormEntryController.EVENT_QUESTION && here.equals(path)) {
                IAnswerData data = value.isNull() ? null : XFormAnswerDataParser.getAnswerData(
                    value.asText(), element(index).getDataType(), model.getQuestionPrompt(index).getQuestion());
                controller.saveAnswer(index, data, true); // it says whether there was anything to save
                return true;
            }
            if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT && leads(here, path)) controller.newRepeat(index);
        }
        return false;
    }

    /** Whether a new instance is on the way to a path: that which it lies in, or one before it that stays blank. */
    private static boolean leads(String instance, String path) {
        if (path.startsWith(instance + "/")) return true;
        Matcher own = INSTANCE.matcher(instance);
        own.matches();
        Matcher later = Pattern.compile(Pattern.quote(own.group(1)) + "\\[(\\d+)]/.*").matcher(path);
        return later.matches() && Integer.parseInt(later.group(1)) > (own.group(2) == null ? 1 : Integer.parseInt(own.group(2)));
    }

    private boolean remove(String path) {
        int event = FormEntryController.EVENT_BEGINNING_OF_FORM;
        while ((event = step(event)) != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex index = model.getFormIndex();
            if (event == FormEntryController.EVENT_REPEAT && Engine.path(index.getReference()).equals(path)) {
                controller.deleteRepeat(index);
                return true;
            }
        }
        return false;
    }

    /** What stands on the pages, what is wrong with it, and which nodes are relevant. */
    private void describe(ObjectNode report) {
        ObjectNode shown = report.putObject("shown"), choices = report.putObject("choices"), labels = report.putObject("labels"), errors = report.putObject("errors");
        int event = FormEntryController.EVENT_BEGINNING_OF_FORM;
        while ((event = step(event)) != FormEntryController.EVENT_END_OF_FORM) {
            FormIndex index = model.getFormIndex();
            String path = Engine.path(index.getReference());
            if (event == FormEntryController.EVENT_REPEAT) shown.put(path, model.getCaptionPrompt(index).getQuestionText());
            if (event != FormEntryController.EVENT_QUESTION) continue;
            FormEntryPrompt prompt = model.getQuestionPrompt(index);
            shown.put(path, prompt.getQuestionText());
            if (prompt.getSelectChoices() != null) {
                ArrayNode offered = choices.putArray(path), called = labels.putArray(path);
                for (SelectChoice choice : prompt.getSelectChoices()) {
                    offered.add(choice.getValue());
                    called.add(prompt.getSelectChoiceText(choice));
                }
            }
            IAnswerData value = element(index).getValue();
            if (value == null && prompt.isRequired()) errors.put(path, "required");
            else if (!form.evaluateConstraint(index.getReference(), value)) errors.put(path, "constraint");
        }
        relevant(form.getMainInstance().getRoot(), report.putArray("relevant"));
    }

    private static void relevant(TreeElement node, ArrayNode found) {
        if (node.getMult() == TreeReference.INDEX_TEMPLATE || !node.isRelevant()) return;
        found.add(Engine.path(node.getRef()));
        for (int child = 0; child < node.getNumChildren(); child++) relevant(node.getChildAt(child), found);
    }

    /** The whole instance, what is not relevant without its answer: what expressions see. */
    private static String text(TreeElement node) {
        if (node.getMult() == TreeReference.INDEX_TEMPLATE) return "";
        StringBuilder text = new StringBuilder();
        for (int child = 0; child < node.getNumChildren(); child++) text.append(text(node.getChildAt(child)));
        if (node.isRelevant() && node.getValue() != null) {
            String answer = String.valueOf(new XFormAnswerDataSerializer().serializeAnswerData(node.getValue(), node.getDataType()));
            text.append(answer.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
        }
        return "<" + node.getName() + ">" + text + "</" + node.getName() + ">";
    }

    private TreeElement element(FormIndex index) {
        return form.getMainInstance().resolveReference(index.getReference());
    }
}
