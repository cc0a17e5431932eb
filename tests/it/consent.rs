mod break_glass;
mod cases;
mod grant_story;
mod oracle;
mod sealed_edits;
