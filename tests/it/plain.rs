mod appointments;
mod doctors;
mod examples;
mod metrics;
mod records;
mod sharing;
mod upload;
