mod grant_story;
