# Sourced by scripts/test and scripts/check after the packages are there: the checks that take seconds.

web() { (cd web && npm run --silent "$1"); }

# The server takes web/dist in when it is compiled, so the folder comes before any compiler looks.
step 'format' cargo fmt --all --check
step 'web app: lint and types' web lint
step 'web app: edges' web edges
step 'web app: build' scripts/web
