package server_test

import (
	"strings"
	"testing"
)

// TestPageInBrowser uses the page as a person does: it opens with the example, runs it,
// runs what is typed, and looks at the documentation. Nothing may be asked of another
// host, and nothing may break the content security policy.
func TestPageInBrowser(t *testing.T) {
	b := openBrowser(t)
	cfg := config(t)
	cfg.GraphiQL = true
	cfg.Example = "# What the server is asked first.\nquery Example {\n  echo(text: \"from the example: وزارة الداخلية\")\n}\n"
	web := open(t, cfg)

	b.call("Page.navigate", map[string]any{"url": web.URL + "/"}, nil)
	b.waitFor("the example", `document.querySelector('.graphiql-query-editor')?.innerText.includes('from the example') ?? false`)
	b.screenshot("opened")

	const shown = `(document.querySelector('.result-window')?.innerText ?? '')`
	b.click("button.graphiql-execute-button")
	b.waitFor("the example's answer", shown+`.includes('from the example: وزارة الداخلية')`)
	b.screenshot("answered")

	b.click(".graphiql-query-editor .CodeMirror-lines")
	b.key("a", "KeyA", 65, 2)
	b.call("Input.insertText", map[string]any{"text": `{ echo(text: "typed by hand") }`}, nil)
	b.waitFor("the typed text", `document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.getValue() === '{ echo(text: "typed by hand") }'`)
	b.key("Enter", "Enter", 13, 2)
	b.waitFor("the answer to what was typed", shown+`.includes('typed by hand') && !`+shown+`.includes('from the example')`)

	b.click(`button[aria-label="Show Documentation Explorer"]`)
	b.waitFor("the documentation", `document.querySelector('.graphiql-doc-explorer')?.innerText.includes('Mutation') ?? false`)
	b.eval(`[...document.querySelectorAll('.graphiql-doc-explorer a')].find((a) => a.innerText === 'Query').click()`)
	b.waitFor("the type Query", `document.querySelector('.graphiql-doc-explorer')?.innerText.includes('What can be asked.') ?? false`)
	b.screenshot("documentation")

	b.click(`button[aria-label="Open settings dialog"]`)
	b.waitFor("the settings", `document.querySelector('.graphiql-dialog')?.innerText.includes('Theme') ?? false`)
	b.screenshot("settings")

	for _, url := range b.asked() {
		if !strings.HasPrefix(url, web.URL+"/") && !strings.HasPrefix(url, "data:") {
			t.Errorf("the page asks %s", url)
		}
	}
	if len(b.asked()) < 5 {
		t.Errorf("only %q were asked for: the watch on requests does not work", b.asked())
	}
	for _, complaint := range b.complaints() {
		t.Errorf("the page complains: %s", complaint)
	}
}
