mod authz_coverage;
mod border;
mod health_get;
mod openapi;
