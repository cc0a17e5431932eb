//! What a section says in words: XHTML as FHIR's narrative allows it, for readers that know nothing of FHIR.

use records::view::Entry;
use records::view::summary::Item;

/// `&`, `<`, `>` and quotes as XHTML needs them.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no other control characters.
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn day(entry: &Entry) -> &str {
    let date = entry.date.as_deref().unwrap_or_default();
    date.get(..10).unwrap_or(date)
}

/// What one wants to know next: value, detail, and a status that is not the usual one.
fn detail(item: &Item) -> String {
    let entry = &item.entry;
    let usual =
        matches!(entry.status.as_deref(), None | Some("active" | "completed" | "final" | "amended" | "corrected"));
    let value = entry.value.as_ref().map(|value| value.text.clone());
    let status = entry.status.clone().filter(|_| !usual);
    let parts: Vec<String> = [value, entry.detail.clone(), status].into_iter().flatten().collect();
    parts.join(" · ")
}

/// `<div>` of a section: a row per entry, or a sentence.
pub fn section(title: &str, (empty, warning): (&str, Option<&str>), items: &[Item]) -> String {
    let mut out = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    if let Some(warning) = warning {
        out.push_str(&format!("<p><b>{}</b></p>", escape(warning)));
    }
    if items.is_empty() {
        out.push_str(&format!("<p>{}</p></div>", escape(empty)));
        return out;
    }
    let dated = items.iter().any(|item| item.entry.date.is_some());
    let told = items.iter().any(|item| !detail(item).is_empty());
    out.push_str("<table><thead><tr><th>");
    out.push_str(&escape(title));
    out.push_str("</th>");
    if told {
        out.push_str("<th>Details</th>");
    }
    if dated {
        out.push_str("<th>Date</th>");
    }
    out.push_str("</tr></thead><tbody>");
    for item in items {
        out.push_str(&format!("<tr><td>{}</td>", escape(&item.entry.title)));
        if told {
            out.push_str(&format!("<td>{}</td>", escape(&detail(item))));
        }
        if dated {
            out.push_str(&format!("<td>{}</td>", escape(day(&item.entry))));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_text_and_never_markup() {
        assert_eq!(escape("a<b> & \"c\"\u{7}\n"), "a&lt;b&gt; &amp; &quot;c&quot; ");
        let div = section("<Problems>", ("None & nothing.", None), &[]);
        assert_eq!(div, "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>None &amp; nothing.</p></div>");
    }
}
