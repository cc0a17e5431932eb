mod canary;
mod rotation;
