mod grant_story;
mod oracle;
