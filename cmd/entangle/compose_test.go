package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// composeFile is what docker-compose.yml says, its variables at their defaults.
type composeFile struct {
	Name     string
	Services map[string]composeService
	Secrets  map[string]struct{ File string }
	Volumes  map[string]any
}

type composeService struct {
	Image, Restart string
	Command        []string
	Environment    map[string]string
	Secrets, Ports []string
	SecurityOpt    []string `yaml:"security_opt"`
	MemLimit       string   `yaml:"mem_limit"`
	Cpus           float64
	PidsLimit      int `yaml:"pids_limit"`
	Logging        struct {
		Driver  string
		Options map[string]string
	}
	Healthcheck struct{ Test []string }
}

// composeVariable is one of docker-compose.yml that has a default. A variable without one
// is none: the file has to work without .env.
var composeVariable = regexp.MustCompile(`\$\{(\w+):-([^}]*)\}`)

func composeText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func compose(t *testing.T) composeFile {
	t.Helper()
	var c composeFile
	if err := yaml.Unmarshal([]byte(composeVariable.ReplaceAllString(composeText(t), "$2")), &c); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Services["neo4j"]; !ok || len(c.Services) != 2 || len(c.Services["entangle"].Command) == 0 {
		t.Fatalf("docker-compose.yml: services %v, want neo4j and entangle", c.Services)
	}
	return c
}

// bytesOf reads a size as Docker and Go write it: 3g, 512m, 1800MiB.
func bytesOf(t *testing.T, size string) float64 {
	t.Helper()
	m := regexp.MustCompile(`^(\d+)(g|m|MiB)$`).FindStringSubmatch(size)
	if m == nil {
		t.Fatalf("%q is no size", size)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	if m[2] == "g" {
		n <<= 10
	}
	return float64(n) * (1 << 20)
}

// TestComposeFile: every service has limits, rotated output, a check of its health and ports
// of this machine alone; no secret is a variable.
func TestComposeFile(t *testing.T) {
	c := compose(t)
	if c.Name != "" {
		t.Errorf("the project is named %s: two clones would share volumes", c.Name)
	}
	for name, s := range c.Services {
		t.Run(name, func(t *testing.T) {
			if s.Restart != "unless-stopped" || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
				t.Errorf("restart %q, security_opt %q", s.Restart, s.SecurityOpt)
			}
			if bytesOf(t, s.MemLimit) <= 0 || s.Cpus <= 0 || s.PidsLimit <= 0 {
				t.Errorf("limits: memory %q, processors %v, processes %d", s.MemLimit, s.Cpus, s.PidsLimit)
			}
			if s.Logging.Driver != "json-file" || s.Logging.Options["max-size"] == "" || s.Logging.Options["max-file"] == "" {
				t.Errorf("output is kept without end: %+v", s.Logging)
			}
			if test := s.Healthcheck.Test; len(test) < 3 || test[0] != "CMD" || !strings.HasSuffix(test[1], "wget") || !strings.HasPrefix(test[len(test)-1], "http://127.0.0.1:") {
				t.Errorf("the health check is %q", test)
			}
			for _, port := range s.Ports {
				if !strings.HasPrefix(port, "127.0.0.1:") {
					t.Errorf("port %s is open to other machines", port)
				}
			}
			checkSecrets(t, c, s)
		})
	}
	neo4j, own := c.Services["neo4j"], c.Services["entangle"]
	heap, cache := bytesOf(t, neo4j.Environment["NEO4J_server_memory_heap_max__size"]), bytesOf(t, neo4j.Environment["NEO4J_server_memory_pagecache_size"])
	if limit := bytesOf(t, neo4j.MemLimit); limit < 2*(heap+cache) {
		t.Errorf("a heap of %v and a page cache of %v bytes, with the JVM, do not fit %v", heap, cache, limit)
	}
	if aim, limit := bytesOf(t, own.Environment["GOMEMLIMIT"]), bytesOf(t, own.MemLimit); aim > 0.95*limit || aim < 0.8*limit {
		t.Errorf("Go aims at %v bytes of %v", aim, limit)
	}
}

// checkSecrets: what a variable names as a file is a secret of the service, and that is a
// file that neither git nor the image takes.
func checkSecrets(t *testing.T, c composeFile, s composeService) {
	t.Helper()
	named := 0
	for name, value := range s.Environment {
		if regexp.MustCompile(`PASSWORD|TOKEN|AUTH`).MatchString(name) && !strings.HasSuffix(name, "_FILE") {
			t.Errorf("%s is a variable, which `docker inspect` tells", name)
		}
		secret, ok := strings.CutPrefix(value, "/run/secrets/")
		if !ok {
			continue
		}
		named++
		if file := c.Secrets[secret].File; !slices.Contains(s.Secrets, secret) || !strings.HasPrefix(file, "secrets/") {
			t.Errorf("%s is %s: the service has the secrets %q, its file is %q", name, value, s.Secrets, file)
		}
	}
	if named != len(s.Secrets) || named == 0 {
		t.Errorf("%d variables name secrets, the service has %q", named, s.Secrets)
	}
	for file, line := range map[string]string{"../../.gitignore": "/secrets/", "../../.dockerignore": "secrets"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(strings.Split(string(text), "\n"), line) {
			t.Errorf("%s has no line %s", file, line)
		}
	}
}

// TestComposeVariables: .env.example lists every variable with its default.
func TestComposeVariables(t *testing.T) {
	used := map[string]string{"COMPOSE_PROJECT_NAME": ""} // Compose's own
	text := composeText(t)
	for _, m := range composeVariable.FindAllStringSubmatch(text, -1) {
		if other, ok := used[m[1]]; ok && other != m[2] {
			t.Errorf("%s is %s here and %s there", m[1], other, m[2])
		}
		used[m[1]] = m[2]
	}
	if left := strings.Count(composeVariable.ReplaceAllString(text, ""), "${"); left > 0 {
		t.Errorf("%d variables have no default", left)
	}
	example, err := os.ReadFile("../../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^#(\w+)=(.*)$`).FindAllStringSubmatch(string(example), -1) {
		listed[m[1]] = m[2]
	}
	if diff := cmp.Diff(used, listed); diff != "" {
		t.Errorf("docker-compose.yml and .env.example (-file +example):\n%s", diff)
	}
}

// TestComposeRunsHere runs what the containers run, with the settings, secrets and commands
// of the file, and asks their health checks. Other are the ports, and the folder of the secrets.
func TestComposeRunsHere(t *testing.T) {
	neo4jNeeded(t)
	t.Parallel()
	c := compose(t)
	dir := t.TempDir()
	runPage(t, dir, strings.Join(shBlocks(t, "### With Docker Compose"), "\n"))
	auth, err := os.ReadFile(filepath.Join(dir, c.Secrets["neo4j-auth"].File))
	if err != nil {
		t.Fatal(err)
	}
	// As docker-entrypoint.sh of the image reads it.
	user := regexp.MustCompile(`^neo4j/([^/]{8,})$`).FindSubmatch(auth)
	if user == nil {
		t.Fatal("the image does not take what the page writes into secrets/neo4j-auth")
	}
	for _, secret := range c.Secrets {
		if info, err := os.Stat(filepath.Join(dir, secret.File)); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%s: %v %v: the users of the containers have to read it", secret.File, info.Mode(), err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "secrets")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of the secrets: %v %v", info.Mode(), err)
	}

	port := freePort(t)
	args := []string{"--set", "server.http.listen_address=127.0.0.1:" + port, "--set", "server.http.advertised_address=127.0.0.1:" + port}
	for name, value := range c.Services["neo4j"].Environment {
		if setting, ok := strings.CutPrefix(name, "NEO4J_"); ok && !strings.HasSuffix(name, "_FILE") {
			args = append(args, "--set", strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(setting, "_", "."), "..", "_"), "__", "_")+"="+value)
		}
	}
	address := startNeo4j(t, filepath.Join(dir, "neo4j"), []string{"NEO4J_PASSWORD=" + string(user[1])}, args...)
	healthy(t, c.Services["neo4j"], "7474", port)

	own := c.Services["entangle"]
	cmd := exec.CommandContext(t.Context(), "entangle", own.Command...)
	cmd.Args[slices.Index(cmd.Args, "0.0.0.0:8080")] = "127.0.0.1:0"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	for name, value := range own.Environment {
		if secret, ok := strings.CutPrefix(value, "/run/secrets/"); ok {
			value = filepath.Join(dir, c.Secrets[secret].File)
		}
		cmd.Env = append(cmd.Env, name+"="+strings.ReplaceAll(value, "bolt://neo4j:7687", address))
	}
	s := startServing(t, cmd, false)
	healthy(t, own, "8080", s.base[strings.LastIndex(s.base, ":")+1:])
	want := fmt.Sprintf("go_gc_gomemlimit_bytes %g", bytesOf(t, own.Environment["GOMEMLIMIT"]))
	if _, text := s.get(t, "/metrics"); !strings.Contains(text, want) {
		t.Errorf("/metrics does not have %s", want)
	}
	s.stop(t)
	if strings.Contains(s.errs.String(), string(user[1])) {
		t.Error("the log has the password")
	}
}

// healthy asks what a service's health check asks, as wget does, at another port, for as long
// as the check may take to succeed.
func healthy(t *testing.T, s composeService, port, at string) {
	t.Helper()
	test := s.Healthcheck.Test
	url := strings.Replace(test[len(test)-1], ":"+port, ":"+at, 1)
	client := http.Client{Timeout: 4 * time.Second}
	for start := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", "*/*")
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
			err = fmt.Errorf("status %s", res.Status)
		}
		if time.Since(start) > 30*time.Second {
			t.Fatalf("%s: %v", url, err)
		}
	}
}
