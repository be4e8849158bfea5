//! The whole command line: its help by groups, its manual pages, and completions for shells.

use std::fmt::Write;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;
use ers_fhir_lint::Replacement;

use crate::ending::Ending;
use crate::output::Output;

/// The commands by purpose, as `--help` lists them.
pub(crate) const COMMANDS: &[(&str, &[&str])] = &[
    ("Check payloads", &["validate", "explain", "evidence", "lsp", "serve"]),
    ("Look up and call e-RS", &["endpoints", "example", "changes", "call", "auth", "mock", "scenario"]),
    (
        "Work with definitions and payloads",
        &["generate", "docs", "snapshot", "convert", "fhirpath", "package"],
    ),
    ("Set up", &["completions", "man", "help"]),
];

/// The options of `validate` by purpose; those that name their own group stay there.
pub(crate) const OPTIONS: &[(&str, &[&str])] = &[
    ("What to check", &["fhir_version", "profiles", "packages", "folders", "allowed_extensions", "timeout"]),
    ("Output", &["formats", "quiet", "show_values", "show_related"]),
    ("When to fail", &["fail_on", "baseline", "write_baseline", "require_complete", "allow_empty"]),
    ("Fixing", &["fix", "diff"]),
];

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ers-fhir completions bash > ~/.local/share/bash-completion/completions/ers-fhir
  ers-fhir completions zsh > \"${fpath[1]}/_ers-fhir\"
  ers-fhir completions fish > ~/.config/fish/completions/ers-fhir.fish
  ers-fhir completions powershell >> $PROFILE")]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Folder for a page for each command; without it, the main page goes to standard output.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// The command line with its help by groups.
pub(crate) fn grouped(command: Command) -> Command {
    let command = command.mut_subcommand("validate", |mut validate| {
        let heading =
            |id: &str| OPTIONS.iter().find(|(_, ids)| ids.contains(&id)).map(|(heading, _)| *heading);
        let ids: Vec<String> = validate.get_arguments().map(|arg| arg.get_id().to_string()).collect();
        // A changed argument moves to the end, so all are changed, in their order.
        for id in ids {
            let heading = heading(&id);
            validate = validate.mut_arg(id, |arg| match heading {
                Some(heading) => arg.help_heading(heading),
                None => arg,
            });
        }
        validate
    });
    let listed = listed(&command);
    command.help_template(format!(
        "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{listed}Options:\n{{options}}{{after-help}}"
    ))
}

/// The commands by group, one line each.
fn listed(command: &Command) -> String {
    let width = command.get_subcommands().map(|one| one.get_name().len()).max().unwrap_or_default();
    let about = |name: &str| match command.find_subcommand(name) {
        Some(found) => found.get_about().map(ToString::to_string),
        None => (name == "help").then(|| "Print the help of a command".to_owned()),
    };
    let mut text = String::new();
    for (group, names) in COMMANDS {
        let mut lines = String::new();
        for name in *names {
            if let Some(about) = about(name) {
                let _infallible = writeln!(lines, "  {name:width$}  {about}");
            }
        }
        // The program may be built without any command of a group.
        if !lines.is_empty() {
            let _infallible = writeln!(text, "{group}:\n{lines}");
        }
    }
    text
}

/// Writes the completions of a command line.
pub(crate) fn completions(
    args: &Completions,
    mut command: Command,
    output: &mut Output,
) -> io::Result<Ending> {
    const NAME: &str = "ers-fhir";
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, NAME, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if args.shell == Shell::Bash {
        // clap_complete 4.6 writes a hyphen in the name in two ways, so that no option of a command would be found.
        script = script.replace(&NAME.replace('-', "__subcmd__"), &NAME.replace('-', "__"));
    }
    output.write(&script)?;
    output.flush()?;
    Ok(Ending::Clean)
}

/// Writes the manual of a command line.
pub(crate) fn man(args: &Man, mut whole: Command, output: &mut Output) -> io::Result<Ending> {
    whole.build();
    let Some(folder) = &args.out else {
        output.write(&page(&whole)?)?;
        output.flush()?;
        return Ok(Ending::Clean);
    };
    if let Err(error) = write_pages(&whole, folder) {
        output.complain(&format!("cannot write manual pages to {}: {error}", folder.display()));
        return Ok(Ending::Trouble);
    }
    Ok(Ending::Clean)
}

/// A page for the command and for each of its commands, however deep.
fn write_pages(command: &Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut file = Replacement::at(&folder.join(format!("{name}.1")))?;
    file.write_all(page(command)?.as_bytes())?;
    file.keep()?;
    let shown = command.get_subcommands().filter(|one| one.get_name() != "help");
    shown.into_iter().try_for_each(|one| write_pages(one, folder))
}

fn page(command: &Command) -> io::Result<String> {
    // The template of `--help` does not fit a manual page.
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
