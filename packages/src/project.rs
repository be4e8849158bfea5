//! Reads which packages a project needs from `package.json`, `sushi-config.yaml` or `ig.ini`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use ers_fhir_profiles::package::Manifest;

use crate::wanted::Wanted;

/// The largest of these files that is read.
const MAX_BYTES: u64 = 4 << 20;

/// The dependencies of a project: name and version.
pub type Dependencies = BTreeMap<String, String>;

/// The dependencies of the project in a folder; `None` if it is not a project that declares any.
///
/// They are read from a `package.json`, a `sushi-config.yaml`, or the `ImplementationGuide` in JSON that an
/// `ig.ini` names, in this order.
pub fn dependencies(folder: &Path) -> Option<Dependencies> {
    of_manifest(folder).or_else(|| of_sushi(folder)).or_else(|| of_ini(folder))
}

fn of_manifest(folder: &Path) -> Option<Dependencies> {
    let manifest = Manifest::from_json(&read(&folder.join("package.json"))?).ok()?;
    // Those of a JavaScript project are not FHIR packages.
    let is_fhir = |name: &String, version: &String| Wanted::new(name, version).is_ok();
    let mut dependencies = manifest.dependencies;
    dependencies.retain(|name, version| is_fhir(name, version));
    (!manifest.fhir_versions.is_empty() || !dependencies.is_empty()).then_some(dependencies)
}

fn of_sushi(folder: &Path) -> Option<Dependencies> {
    let text = String::from_utf8(read(&folder.join("sushi-config.yaml"))?).ok()?;
    Some(sushi(&text))
}

/// The dependencies of a `sushi-config.yaml`: below `dependencies:`, lines of `name: version`, or of `name:`
/// and deeper ones with a `version:` or an `id:`. No other YAML is understood.
fn sushi(text: &str) -> Dependencies {
    let mut all = Dependencies::new();
    let mut lines = text.lines().map(str::trim_end).skip_while(|line| *line != "dependencies:").skip(1);
    let mut margin = None;
    let mut name = String::new();
    for line in lines.by_ref() {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        if indent == 0 {
            break;
        }
        let Some((key, value)) = content.split_once(':') else { continue };
        let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        let key = key.trim().trim_matches(['"', '\'']);
        if indent <= *margin.get_or_insert(indent) {
            key.clone_into(&mut name);
            if !value.is_empty() {
                all.insert(name.clone(), value.to_owned());
            }
        } else if key == "version" {
            all.insert(name.clone(), value.to_owned());
        } else if key == "id" && value.contains('.') {
            // SUSHI takes this as the id of the guide, and uses package names as keys.
            name = if name.contains('.') { name } else { value.to_owned() };
        }
    }
    all.retain(|name, version| Wanted::new(name, version).is_ok());
    all
}

fn of_ini(folder: &Path) -> Option<Dependencies> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Guide {
        #[serde(default)]
        depends_on: Vec<Other>,
    }
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Other {
        package_id: Option<String>,
        version: Option<String>,
    }
    let text = String::from_utf8(read(&folder.join("ig.ini"))?).ok()?;
    let said = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "ig").then(|| value.trim().to_owned())
    })?;
    // The file of a project is in its folder.
    let is_inside = !Path::new(&said).is_absolute() && !said.split(['/', '\\']).any(|step| step == "..");
    let json = read(&folder.join(&said)).filter(|_| is_inside)?;
    let guide: Guide = serde_json::from_slice(&json).ok()?;
    let pairs = guide.depends_on.into_iter().filter_map(|other| Some((other.package_id?, other.version?)));
    Some(pairs.filter(|(name, version)| Wanted::new(name, version).is_ok()).collect())
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let metadata = path.metadata().ok()?;
    let mut bytes = Vec::new();
    let is_readable = metadata.is_file() && metadata.len() <= MAX_BYTES;
    File::open(path).ok().filter(|_| is_readable)?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_projects_say() {
        let text = "id: x\ndependencies:\n  # ours\n  hl7.fhir.uv.ips: 2.0.0 # now\n  hl7.terminology.r4:\n    \
                    uri: http://terminology.hl7.org/ImplementationGuide/hl7.terminology\n    version: '7.0.1'\n\
                    menu:\n  a.b: 1\n";
        let said: Vec<_> = sushi(text).into_iter().collect();
        let pair = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        assert_eq!(said, [pair("hl7.fhir.uv.ips", "2.0.0"), pair("hl7.terminology.r4", "7.0.1")]);
        let temp = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(temp.path().join(name), text).unwrap();
        assert_eq!(dependencies(temp.path()), None);
        write("ig.ini", "[IG]\nig = guide.json\n");
        assert_eq!(dependencies(temp.path()), None, "the guide is not there");
        write("guide.json", r#"{"dependsOn":[{"packageId":"a.b","version":"1.0.0","uri":"x"},{"uri":"y"}]}"#);
        assert_eq!(
            dependencies(temp.path()).unwrap().into_iter().collect::<Vec<_>>(),
            [pair("a.b", "1.0.0")]
        );
        write("sushi-config.yaml", text);
        assert_eq!(dependencies(temp.path()).unwrap().len(), 2);
        write("package.json", r#"{"name":"web","dependencies":{"left-pad":"^1.0.0","@x/y.z":"1"}}"#);
        assert_eq!(dependencies(temp.path()).unwrap().len(), 2, "a project in JavaScript tells nothing");
        write(
            "package.json",
            r#"{"name":"a.c","version":"1.0.0","fhirVersions":["4.0.1"],"dependencies":{"a.b":"1.0.0"}}"#,
        );
        assert_eq!(dependencies(temp.path()).unwrap().len(), 1);
    }
}
