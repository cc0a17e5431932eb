//! Names that people read: a name that shows nothing, or that is read backwards, is not the name it seems to be.

/// Whether a character shows nothing, or changes how others are shown: control and format characters (Unicode's Cc and Cf,
/// but for the signs of those that are drawn), marks of direction, fillers and blanks that are no space.
pub const fn invisible(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Whether a text has such a character where it is not part of how a word or a picture is written: Persian and the scripts of
/// India join and part letters with two of them, and pictures are made of several.
pub fn hides(text: &str) -> bool {
    shown(text).len() < text.len()
}

/// The same of a text with lines of its own: a line break hides nothing.
pub fn hides_in_lines(text: &str) -> bool {
    hides(&text.replace(['\n', '\r', '\t'], " "))
}

/// What is said to whoever sends a text that hides something.
pub const IN_SIGHT: &str =
    "Somebody else reads this: it has only letters that can be seen, in the direction in which they are written.";

/// The text without such characters.
pub fn shown(text: &str) -> String {
    let mut rest = text.chars().peekable();
    let mut seen = String::with_capacity(text.len());
    let mut before = None;
    while let Some(c) = rest.next() {
        if !invisible(c) || belongs(before, c, rest.peek().copied()) {
            seen.push(c);
        }
        before = Some(c);
    }
    seen
}

fn belongs(before: Option<char>, c: char, after: Option<char>) -> bool {
    let both = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match c {
        '\u{200c}' => both(joins),
        '\u{200d}' => {
            both(joins) || (before.is_some_and(|c| picture(c) || c == '\u{fe0f}') && after.is_some_and(picture))
        }
        '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(picture),
        _ => false,
    }
}

/// Letters of scripts in which the shape of a letter depends on its neighbours.
const fn joins(c: char) -> bool {
    !invisible(c) && matches!(c, '\u{600}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}')
}

fn picture(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{2bff}' | '\u{3030}'..='\u{303d}' | '\u{1f000}'..='\u{1faff}')
        && !invisible(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_everywhere_hide_nothing() {
        for name in [
            "Ann Okoro",
            "Zoë O'Brien-Łukasiewicz",
            "محمد علی\u{200c}رضا",
            "ශ්\u{200d}රී ලංකා",
            "李小龍",
            "נועה",
            "❤\u{fe0f} phone",
            "👩\u{200d}⚕\u{fe0f} Health",
            "",
        ] {
            assert!(!hides(name), "{name:?}");
        }
    }

    #[test]
    fn what_is_shown_of_a_name_is_what_is_seen_of_it() {
        assert_eq!(shown("\u{202e}gnp.exe.txt"), "gnp.exe.txt");
        assert_eq!(shown("a\u{200b}b\u{feff}\u{200d}c"), "abc");
        for name in ["می\u{200C}خواهم", "क्\u{200D}ष", "👩\u{200D}⚕\u{FE0F}", "O’Hara"] {
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn what_shows_nothing_or_turns_the_direction_hides() {
        for c in "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{61c}\u{ad}\u{feff}\u{2060}\u{2028}\u{2029}\u{2800}\u{3164}\u{ffa0}\u{115f}\u{34f}\u{180e}\u{fe0f}\u{fe00}\u{e0041}\u{e0100}\u{fffb}\n\t\0\u{85}".chars() {
            assert!(invisible(c), "{c:?}");
            assert!(hides(&format!("Al{c}ice")), "{c:?}");
            assert!(hides(&c.to_string()), "{c:?}");
            assert!(hides(&format!("Alice{c}")), "{c:?}");
        }
        for c in "aé李م \u{301}\u{600}❤".chars() {
            assert!(!invisible(c), "{c:?}");
        }
    }
}
