// survey-core behind JSON lines: one request a line on stdin, one answer a line on stdout. tests/engines/surveyjs.py talks to it.
"use strict";

const readline = require("node:readline");
for (const level of ["log", "info", "warn"]) console[level] = console.error; // stdout carries answers only
const { Model, ExpressionRunner, ConditionRunner } = require("survey-core");

const EXPRESSION_ERRORS = ["syntax", "unknown function", "unknown variable", "semantic"];

function load({ survey }) {
  const model = new Model(survey);
  return {
    json_errors: (model.jsonErrors || []).map((e) => ({ type: e.type, message: e.message })),
    expression_errors: model.validateExpressions().flatMap(({ obj, propertyName, errors }) =>
      errors.map((e) => ({
        element: obj.name || obj.id || obj.getType(),
        property: propertyName,
        type: EXPRESSION_ERRORS[e.errorType],
        name: e.functionName || e.variableName || null,
      }))),
  };
}

// Every question with its path: `station`, `votes[2].count`; panels of a dynamic panel are counted from 0.
function* walk(questions, prefix = "") {
  for (const question of questions) {
    const path = prefix + question.name;
    yield [path, question];
    const panels = question.getType() === "paneldynamic" ? question.panels : [];
    for (const [index, panel] of panels.entries()) yield* walk(panel.questions, `${path}[${index}].`);
  }
}

function find(model, path) {
  let question;
  let scope = model;
  for (const [, name, index] of path.matchAll(/([^.[\]]+)(?:\[(\d+)\])?/g)) {
    question = scope.getQuestionByName(name);
    if (!question) throw new Error(`no question ${name} in ${path}`);
    if (index === undefined) continue;
    // Those before it are added too, and stay blank; a list of given length gets none.
    while (question.canAddPanel && question.panels.length <= Number(index)) question.addPanel();
    scope = question.panels[Number(index)];
    if (!scope) throw new Error(`no panel ${index} in ${path}`);
  }
  return question;
}

const isShown = (question) => question.isVisible && question.isParentVisible;

function run({ survey, steps, data, locale }) {
  const model = new Model(survey);
  if (locale) model.locale = locale;
  if (data) model.data = data;
  model.onScrollToTop.add((_, options) => { options.allow = false; }); // there is no page
  const refused = [];
  for (const [path, value] of steps) {
    const question = find(model, path);
    if (!isShown(question) || question.isReadOnly) refused.push(path);
    else if (value === null) question.clearValue();
    else question.value = value;
  }
  const valid = model.validate(true, false);
  const shown = [...walk(model.getAllQuestions())].filter(([, question]) => isShown(question));
  const report = {
    valid,
    refused,
    data: model.data,
    visible: shown.map(([path]) => path),
    titles: Object.fromEntries(shown.map(([path, question]) => [path, question.locTitle.renderedHtml])),
    choices: Object.fromEntries(shown.filter(([, question]) => question.visibleChoices)
      .map(([path, question]) => [path, question.visibleChoices.map((choice) => choice.value)])),
    errors: shown.flatMap(([path, question]) =>
      question.errors.map((error) => ({ question: path, type: error.getErrorType(), text: error.getText() }))),
  };
  return { ...report, submitted: model.tryComplete() ? model.data : null };
}

function evaluate({ cases }) {
  return cases.map(([expression, data]) => {
    const runner = new ExpressionRunner(expression);
    if (!runner.canRun()) return { parsed: false, value: null, truth: false };
    const value = runner.runValues(data);
    return {
      parsed: true,
      value: value === undefined || Number.isNaN(value) ? null : value,
      truth: new ConditionRunner(expression).runValues(data),
    };
  });
}

const operations = { load, run, evaluate };

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try {
    const { operation, ...request } = JSON.parse(line);
    answer = { ok: operations[operation](request) };
  } catch (error) {
    answer = { error: String(error.stack || error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
