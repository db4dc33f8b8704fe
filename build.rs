fn main() {
    // `sqlx::migrate!` embeds the folder but does not watch it.
    println!("cargo::rerun-if-changed=migrations");
}
