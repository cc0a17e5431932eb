//! Test help: the whole application in the process of a test.
