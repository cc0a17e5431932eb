//! Puts the house together: configuration, command line, router, middleware, web app.
