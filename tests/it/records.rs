mod bad_input;
mod erase;
mod resource_read;
mod resource_write;
