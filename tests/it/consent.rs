mod break_glass;
mod grant_story;
mod oracle;
mod sealed_edits;
