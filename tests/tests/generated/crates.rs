//! Generated code as a crate of its own, which the compiler checks.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use ers_fhir_codegen::GeneratedFile;
use ers_fhir_corpora::workspace;

/// A crate in the target folder, in which each module is what was generated.
pub(crate) struct Crate {
    name: &'static str,
    folder: PathBuf,
    modules: Vec<String>,
}

impl Crate {
    pub(crate) fn new(name: &'static str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(folder.join("src"));
        fs::create_dir_all(folder.join("src")).expect("the target folder can be written to");
        Self { name, folder, modules: Vec::new() }
    }

    /// Adds a module of generated files.
    pub(crate) fn add(&mut self, module: &str, files: Vec<GeneratedFile>) {
        let folder = self.folder.join("src").join(module);
        fs::create_dir_all(&folder).expect("a folder for the module");
        for file in files {
            fs::write(folder.join(file.name), file.content).expect("a file of the module");
        }
        self.modules.push(module.to_owned());
    }

    /// Adds a source file, with the program's `main` if it is `main.rs`.
    pub(crate) fn write(&self, name: &str, content: &str) {
        fs::write(self.folder.join("src").join(name), content).expect("a source file");
    }

    /// Runs a command of Cargo on the crate, with what it depends on as this workspace has it; what it prints, and
    /// whether it went well.
    pub(crate) fn cargo(&self, command: &[&str]) -> (bool, String) {
        let model = workspace("model");
        let manifest = format!(
            "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\npath = \"src/lib.rs\"\n\n\
             [dependencies]\ners-fhir-model = {{ path = {:?}, default-features = false }}\nserde_json = \"1\"\n\n[workspace]\n",
            self.name,
            model.display().to_string()
        );
        fs::write(self.folder.join("Cargo.toml"), manifest).expect("a manifest");
        let lock = fs::read(workspace("Cargo.lock")).expect("the lock file of the workspace");
        fs::write(self.folder.join("Cargo.lock"), lock).expect("a lock file");
        let modules: Vec<String> = self.modules.iter().map(|module| format!("pub mod {module};\n")).collect();
        self.write("lib.rs", &format!("#![deny(warnings)]\n{}", modules.concat()));
        let ran = Command::new(env!("CARGO"))
            .args(command)
            .args(["--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("target"))
            .output()
            .expect("Cargo runs");
        let said = [ran.stdout, ran.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        (ran.status.success(), said.concat())
    }
}
