mod authz_coverage;
mod border;
mod crash;
mod health_get;
mod openapi;
mod retention;
mod witness;
