mod bad_input;
mod erase;
mod erase_copy;
mod labels;
mod resource_read;
mod resource_write;
mod rights;
mod takeout;
