"""The demo's index.html: all that it made on one page."""

import html

from pellucid.viz.files import write

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>pellucid: the demo</title>
<style>
:root {{ color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --text: #1c2430;
  --soft: #5d6878; --line: #dfe4ea; --good: #0f8a5f; --bad: #c8452f; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ground: #0e1116; --card: #14181f;
  --text: #e8ecf2; --soft: #a3afbf; --line: #2a323d; --good: #3ecf97; --bad: #f0836f; }} }}
body {{ margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }}
main {{ max-width: 1060px; margin: 0 auto; padding: 28px 20px 60px; }}
h1 {{ font-size: 30px; margin: 0; }}
h2 {{ font-size: 19px; margin: 0 0 4px; }}
p {{ margin: 0 0 14px; color: var(--soft); }}
ul {{ list-style: none; margin: 14px 0 26px; padding: 0; }}
li::before {{ content: "✓ "; color: var(--good); font-weight: bold; }}
li.missed::before {{ content: "✗ "; color: var(--bad); }}
section {{ background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 18px 20px; margin-bottom: 22px; }}
figure {{ margin: 0; overflow: auto; text-align: center; }}
img {{ max-width: 100%; height: auto; border-radius: 8px; }}
.tall {{ max-height: 900px; }}
pre {{ overflow: auto; font-size: 13px; line-height: 1.45; margin: 0; }}
</style>
<main>
<h1>pellucid</h1>
<p>What <code>make demo</code> has trained and drawn, in {seconds:.0f} seconds.</p>
<ul>
{goals}
</ul>
{sections}
</main>
</html>
"""


def write_page(path, goals, pictures, trace, seconds):
    """Writes the page.

    Args:
      path: Path.
      goals: list of (text, bool: it was reached).
      pictures: list of (file name, title, text below it).
      trace: str, a run step by step.
      seconds: float, how long all of it took.
    """
    items = [f'<li{"" if reached else " class=missed"}>{html.escape(text)}</li>'
             for text, reached in goals]
    sections = [_section(title, text, f'<figure><a href="{name}"><img src="{name}" '
                         f'alt="{html.escape(title)}"></a></figure>')
                for name, title, text in pictures]
    sections.insert(1, _section(
        "The same graph, run step by step", "Values go forward; then gradients come back. "
        "This is what tf.viz.trace prints.", f"<pre>{html.escape(trace)}</pre>"))
    write(path, _PAGE.format(goals="\n".join(items), sections="\n".join(sections),
                             seconds=seconds))


def _section(title, text, body):
    return (f"<section><h2>{html.escape(title)}</h2>\n<p>{html.escape(text)}</p>\n{body}"
            "</section>")
