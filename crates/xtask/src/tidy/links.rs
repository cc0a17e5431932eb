//! A Markdown link to a file of the repository leads somewhere. Links to the web are not followed: a test that needs
//! somebody else's server fails for somebody else's reasons.

use super::{File, Finding, finding};

pub(super) fn check(file: &File, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (at, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        for target in targets(&without_code(line)) {
            match resolve(&file.path, &target) {
                Some(path) if exists(&path) => {}
                Some(path) => {
                    let text = format!("the link leads to {path}, which is not there; mend the path or drop the link");
                    found.push(finding(&file.path, at + 1, text));
                }
                None => {
                    let text = format!("the link {target} leaves the repository; a reader elsewhere cannot follow it");
                    found.push(finding(&file.path, at + 1, text));
                }
            }
        }
    }
    found
}

/// The line with its `code spans` taken out: what stands in them is shown, not linked.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

/// The targets of `[text](target "title")` and `[label]: target` that are files of the repository.
fn targets(line: &str) -> Vec<String> {
    let mut raw: Vec<&str> = line.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    if let Some((label, target)) = line.trim_start().split_once("]: ")
        && label.starts_with('[')
    {
        raw.push(target);
    }
    raw.into_iter()
        .filter_map(|target| target.split_whitespace().next())
        .map(|target| target.trim_start_matches('<').trim_end_matches('>'))
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .filter_map(|target| target.split(['#', '?']).next())
        .filter(|target| !target.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The target seen from the root of the repository, or nothing when it climbs out of it.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THERE: &[&str] = &["README.md", "docs/errors.md", "docs/decisions", ""];

    fn texts(path: &str, text: &str) -> Vec<String> {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        check(&file, &|path| THERE.contains(&path)).into_iter().map(|one| one.to_string()).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let text = "[a](docs/errors.md#part) ![b](./docs/errors.md \"title\") [c](https://example.org/x)\n\
                    [d]: docs/decisions/\n[e](#here) [f](mailto:a@example.org) [g](/docs/errors.md)";
        assert_eq!(texts("README.md", text), [""; 0]);
        assert_eq!(texts("docs/errors.md", "[up](../README.md) [beside](errors.md)"), [""; 0]);
    }

    #[test]
    fn a_link_to_nowhere_is_found_on_its_line() {
        assert_eq!(
            texts("docs/errors.md", "one\n[two](gone.md)"),
            ["docs/errors.md:2: the link leads to docs/gone.md, which is not there; mend the path or drop the link"]
        );
        assert_eq!(texts("README.md", "[label]: gone.md").len(), 1);
        assert_eq!(texts("README.md", "[one](docs/errors.md) and [two](gone.md)").len(), 1);
    }

    #[test]
    fn a_link_out_of_the_repository_is_found() {
        assert!(texts("docs/errors.md", "[out](../../other/file.md)")[0].contains("leaves the repository"));
    }

    #[test]
    fn what_stands_in_code_is_not_a_link() {
        assert_eq!(texts("README.md", "`[x](gone.md)`\n```\n[x](gone.md)\n```\n"), [""; 0]);
    }
}
