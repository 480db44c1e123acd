//! What is put inside the program, and is no source file: changed, it is put in anew.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed=../target/site");
}
