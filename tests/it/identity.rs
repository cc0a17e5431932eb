mod admin_users;
mod login_post;
mod register_post;
mod sessions;
