//! The files of `ops/` that no other test reads: what they say of the program is true, and a container holds no more than it must.

use portaria::limits::PHOTO_BYTES;
use std::path::Path;

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The instructions of a Containerfile, lines that go on joined, by stage.
fn stages(text: &str) -> Vec<Vec<(String, String)>> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut stages: Vec<Vec<_>> = Vec::new();
    for line in lines {
        let (instruction, rest) = line.split_once(' ').expect("an instruction and what it is given");
        assert_eq!(instruction, instruction.to_uppercase(), "{line}");
        if instruction == "FROM" {
            stages.push(Vec::new());
        }
        stages.last_mut().expect("FROM comes first").push((instruction.to_owned(), rest.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    stages
}

#[test]
fn the_container_runs_as_nobody_in_particular_and_holds_the_program_alone() {
    let text = file("ops/Containerfile");
    let stages = stages(&text);
    let of = |stage: &[(String, String)], name: &str| -> Vec<String> {
        stage.iter().filter(|(instruction, _)| instruction == name).map(|(_, rest)| rest.clone()).collect()
    };
    let known = ["FROM", "WORKDIR", "RUN", "COPY", "USER", "ENV", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"];
    for (instruction, rest) in stages.iter().flatten() {
        assert!(known.contains(&instruction.as_str()), "{instruction} {rest}");
    }
    assert_eq!(stages.len(), 2);
    for stage in &stages {
        let image = of(stage, "FROM").remove(0);
        let image = image.split(' ').next().expect("an image");
        assert!(image.split_once(':').is_some_and(|(_, tag)| tag != "latest"), "{image} says which version");
        for run in of(stage, "RUN").iter().filter(|run| run.contains("apt-get install")) {
            assert!(
                run.contains("apt-get update") && run.contains("--no-install-recommends") && run.contains("rm -rf /var/lib/apt/lists"),
                "{run}"
            );
        }
    }
    let last = &stages[1];
    let copied = of(last, "COPY");
    assert!(copied.len() == 1 && copied[0].starts_with("--from=build "), "only what was built: {copied:?}");
    let user = of(last, "USER").remove(0);
    assert!(user.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id >= 10_000)), "{user}");
    let place = |name: &str| last.iter().position(|(instruction, _)| instruction == name).expect("an instruction");
    assert!(place("USER") < place("ENTRYPOINT") && place("RUN") < place("USER"), "nothing is installed as that user");
    assert!(of(last, "ENTRYPOINT")[0].starts_with('['), "without a shell in between, which would swallow SIGTERM");
    for (_, rest) in stages.iter().flatten() {
        for secret in ["PORTARIA_SECRET=", "DATABASE_URL=", "TOKEN=", "SMTP_URL="] {
            assert!(!rest.contains(secret), "a secret in an image: {rest}");
        }
    }
    // Rust as new as the workspace wants it.
    let wanted = file("Cargo.toml").lines().find_map(|line| line.strip_prefix("rust-version = ").map(|it| it.trim_matches('"').to_owned()));
    assert!(of(&stages[0], "FROM")[0].starts_with(&format!("rust:{}-", wanted.expect("a version"))));
    assert!([".git", "target", "portaria.toml", ".portaria"].iter().all(|name| file(".dockerignore").lines().any(|line| line == *name)));
}

#[test]
fn proxies_let_the_largest_photo_pass_and_units_give_room_for_it() {
    let largest = PHOTO_BYTES.div_ceil(3) * 4 + 64 * 1024;
    let nginx = file("ops/nginx/portaria.conf");
    let size = |text: &str, before: &str, unit: &str| -> usize {
        let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("{before}"));
        rest.split(unit).next().and_then(|number| number.trim().parse().ok()).unwrap_or_else(|| panic!("{before}: a number"))
    };
    assert!(size(&nginx, "client_max_body_size ", "m;") * 1024 * 1024 >= largest);
    assert!(size(&file("ops/caddy/Caddyfile"), "max_size ", "MB") * 1_000_000 >= largest);
    let unit = file("ops/systemd/portaria.service");
    for line in
        ["ExecStart=/usr/local/bin/portaria serve", "DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "KillSignal=SIGTERM"]
    {
        assert!(unit.lines().any(|it| it == line), "{line}");
    }
    // The program ends within this: 20 s for what it has in hand, after the requests that it answers.
    assert!(size(&unit, "TimeoutStopSec=", "\n") >= 50);
}
