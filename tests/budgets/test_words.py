"""What counts as a word of a page. That no page has too many is in test_page_budgets.py."""

from tests.budgets.words import count_words


def test_words_are_counted_and_data_is_not() -> None:
    page = b"""<p>not this</p><main><h1>One two</h1><details><summary>three</summary>four</details>
    <table><thead><tr><th>five</th></tr></thead><tbody><tr><td>no no no</td></tr></tbody></table>
    <ul data-rows><li>no</li></ul><pre>no no</pre><ul><li>six</li></ul></main>"""
    assert count_words(page) == 6
