//! `gbc`: see `gbc --help`.

fn main() -> std::process::ExitCode {
    gbc_cli::main()
}
