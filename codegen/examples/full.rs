//! Writes every resource of a release as one module folder: `full <stu3|r4> <folder>`.

use ers_fhir_codegen::Config;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let version = arguments.next().ok_or("give a release: stu3 or r4")?.parse()?;
    let folder = arguments.next().ok_or("give a folder")?;
    Config::new(version).all_resources().out_dir(folder).write_modules()?;
    Ok(())
}
