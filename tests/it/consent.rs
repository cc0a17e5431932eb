mod break_glass;
mod cases;
mod desk;
mod grant_story;
mod oracle;
mod renewal;
mod resource;
mod sealed_edits;
