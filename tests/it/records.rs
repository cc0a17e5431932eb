mod bad_input;
mod resource_read;
mod resource_write;
