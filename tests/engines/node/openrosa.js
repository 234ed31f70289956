// openrosa-xpath-evaluator, the evaluator of Enketo, behind JSON lines over a DOM of jsdom. tests/engines/openrosa.py talks to it.
"use strict";

const readline = require("node:readline");
for (const level of ["log", "info", "warn"]) console[level] = console.error; // stdout carries answers only
const { JSDOM } = require("jsdom");

const { window } = new JSDOM("");
Object.assign(globalThis, {
  window, // where the evaluator looks for the language of dates
  Node: window.Node,
  XPathResult: window.XPathResult,
  XPathEvaluator: window.XPathEvaluator,
});
const evaluator = require("openrosa-xpath-evaluator")();

function node(document, path) {
  const found = document.evaluate(path, document, null, window.XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue;
  if (!found) throw new Error(`no node ${path}`);
  return found;
}

function value(result) {
  switch (result.resultType) {
    case window.XPathResult.NUMBER_TYPE: return Number.isNaN(result.numberValue) ? null : result.numberValue;
    case window.XPathResult.BOOLEAN_TYPE: return result.booleanValue;
    default: return result.stringValue;
  }
}

const TYPES = { boolean: window.XPathResult.BOOLEAN_TYPE, string: window.XPathResult.STRING_TYPE, any: window.XPathResult.ANY_TYPE };

function evaluate({ instance, cases }) {
  const document = new window.DOMParser().parseFromString(instance, "application/xml");
  return cases.map(([expression, context, type]) => {
    try {
      return value(evaluator.evaluate(expression, node(document, context), null, TYPES[type]));
    } catch (error) {
      return { error: String(error) };
    }
  });
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  let answer;
  try {
    answer = { ok: evaluate(JSON.parse(line)) };
  } catch (error) {
    answer = { error: String(error.stack || error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
