//! One service of several, made by a folder of somebody's own.
use crate::bench::{Bench, said};

#[test]
fn a_service_has_a_template_of_its_own() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.write(
        "shop/scaffold.toml",
        format!(
            "[services.api]\npath = \"api\"\ntemplate = \"{url}//go-service@main\"\noptions.team = \"web\"\n\
             [services.job]\npath = \"job\"\ntemplate = \"../team/go-service\"\nframework = \"cli\"\n\
             [services.web]\npath = \"web\"\nlang = \"go\"\n"
        ),
    );
    let refused = bench.fails(3, &["generate", "shop"]);
    assert!(refused.contains("--trust"), "{refused}");
    assert!(!bench.path("shop/api").exists());
    bench.must(&["generate", "shop", "--trust"]);
    let label = |service: &str| {
        let dockerfile = bench.read(&format!("shop/{service}/Dockerfile"));
        let line = dockerfile.lines().find(|line| line.contains("com.acme"));
        line.map(ToOwned::to_owned)
    };
    assert_eq!(label("api").as_deref(), Some("LABEL com.acme.team=web"));
    assert_eq!(label("job").as_deref(), Some("LABEL com.acme.team=core"));
    assert_eq!(label("web"), None);
    let first = bench.git("team", &["rev-parse", "HEAD"]);
    assert!(bench.read("shop/scaffold.lock").contains(&first));
    bench.must(&["check", "shop"]);
    let explained = bench.must(&["explain", "shop"]);
    assert!(explained.contains("go-service@main"), "{explained}");

    // The repository moves on: its service stays at the commit of the lock until it is updated.
    let moved = bench
        .read("team/go-service/Dockerfile.tera")
        .replace("com.acme.team", "com.acme.squad");
    bench.write("team/go-service/Dockerfile.tera", moved);
    bench.commit("v2");
    let second = bench.git("team", &["rev-parse", "HEAD"]);
    let found = bench.fails(1, &["check", "shop"]);
    assert!(
        found.contains("job/Dockerfile is outdated")
            && found.contains("the template that it names"),
        "{found}"
    );
    assert!(!found.contains("service `api`"), "{found}");
    let updated = said(&bench.run(&["update", "shop"]));
    let moves = format!("moves from {} to {}", &first[..12], &second[..12]);
    assert!(updated.contains(&moves), "{updated}");
    assert_eq!(label("api").as_deref(), Some("LABEL com.acme.squad=web"));
    assert!(bench.read("shop/scaffold.lock").contains(&second));
    bench.must(&["check", "shop"]);

    let typo = bench
        .read("shop/scaffold.toml")
        .replace("options.team", "options.taem");
    bench.write("shop/scaffold.toml", typo);
    let refused = bench.fails(4, &["check", "shop"]);
    assert!(
        refused.contains("did you mean `services.api.options.team`?"),
        "{refused}"
    );
}

#[test]
fn a_name_of_the_configuration_takes_part_among_services() {
    let bench = Bench::new();
    let url = bench.repository();
    bench.write(
        "config.toml",
        format!("trusted = [\"{url}\"]\n[templates]\nacme = \"{url}//go-service@main\"\n"),
    );
    for name in ["api", "web"] {
        bench.write(
            &format!("shop/{name}/go.mod"),
            format!("module example.com/{name}\n\ngo 1.27\n"),
        );
        bench.write(
            &format!("shop/{name}/main.go"),
            "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n",
        );
    }
    bench.write("shop/api/acme.yaml", "");
    // Nothing is fetched that is not trusted.
    let config = bench.read("config.toml");
    bench.write("config.toml", config.replace("trusted =", "#"));
    let told = said(&bench.run(&["detect", "shop"]));
    assert!(told.contains("acme takes no part"), "{told}");
    bench.write("config.toml", config);
    bench.must(&["init", "shop"]);
    let spec = bench.read("shop/scaffold.toml");
    assert!(
        spec.contains(&format!("template = \"{url}//go-service@main\"")),
        "{spec}"
    );
    assert!(bench.read("shop/api/Dockerfile").contains("com.acme.team"));
    assert!(!bench.read("shop/web/Dockerfile").contains("com.acme.team"));
    // The spec says all: somebody else's configuration changes nothing.
    bench.must(&["check", "shop", "--isolated", "--trust"]);
}
