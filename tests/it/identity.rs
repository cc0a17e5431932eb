mod admin_users;
mod codes;
mod guessing;
mod login_post;
mod passkeys;
mod register_post;
mod sessions;
