//! What `build-policy.sh` makes of a policy: the sections that a server looks at,
//! the same bytes wherever the files lie, and complaints that say what to write.

mod build;
mod complaints;
mod lines;
mod module;
mod names;
mod paths;
mod places;
mod sections;
mod uses;
