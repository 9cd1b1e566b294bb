// The editor: CodeMirror, with what a short Python program needs.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Annotation, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const silent = Annotation.define();            // a change that is not the reader's
const setLines = StateEffect.define();         // { error: line or null } or { light: line or null }

const marks = StateField.define({
  create: () => ({ error: null, light: null, set: Decoration.none }),
  update(marked, transaction) {
    const next = { ...marked, set: marked.set.map(transaction.changes) };
    for (const effect of transaction.effects) {
      if (!effect.is(setLines)) continue;
      Object.assign(next, effect.value);
      next.set = Decoration.set([["light", next.light], ["error", next.error]]
        .filter(([, line]) => line !== null && line >= 1 && line <= transaction.state.doc.lines)
        .map(([kind, line]) => Decoration.line({ class: `cm-${kind}-line` })
          .range(transaction.state.doc.line(line).from)), true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.set),
});

// Makes an editor in `parent`.
//   code: string.
//   label: what a screen reader calls it.
//   numbers: true for line numbers.
//   onRun(): Shift-Enter or Control-Enter.
//   onChange(code): the reader has changed something.
// Returns { code(), set(code), markError(line), light(line), go(line), focus(), view }; lines count
// from 1, and null takes the mark away.
export function makeEditor(parent, { code = "", label = "Program", numbers = false, onRun, onChange }) {
  const runs = (key) => ({ key, run: () => (onRun?.(), true), preventDefault: true });
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: code,
      extensions: [
        keymap.of([runs("Shift-Enter"), runs("Mod-Enter")]),
        history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        EditorState.tabSize.of(4), indentUnit.of("    "),
        python(), syntaxHighlighting(classHighlighter), marks,
        numbers ? lineNumbers() : [],
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false",
                                          autocorrect: "off", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((t) => t.annotation(silent))) {
            onChange?.(update.state.doc.toString());
          }
        }),
      ],
    }),
  });
  const mark = (lines) => view.dispatch({ effects: setLines.of(lines) });
  return {
    view,
    code: () => view.state.doc.toString(),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text },
                                   annotations: silent.of(true) }),
    markError: (line) => mark({ error: line }),
    light: (line) => mark({ light: line }),
    go(line) {
      const { from } = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    focus: () => view.focus(),
  };
}
