"""Programs other than OpenSSL that make a key and its CSR: one table, for the CSR's page, the tests and the docs.

docs/makers.md is made of it (`python -m tests.certs.other_programs`); the tests there run the lines. Keytool's commands
are in certs/findings/keytool_commands.py.
"""

from dataclasses import dataclass, replace

from certs.findings.openssl_commands import FileNames
from certs.programs import csr_scripts

NSS = """\
mkdir STEM-nss && certutil -N -d sql:STEM-nss --empty-password && head -c 64 /dev/urandom > STEM-noise &&
certutil -R -d sql:STEM-nss -k rsa -g 4096 -s CN=onboarding_key -z STEM-noise -a -o CSR_FILE"""
# certutil takes the first certificate of a file only.
NSS_PFX = """\
csplit -s -z -f STEM-part- CER_FILE /BEGIN/ '{*}'
for each in STEM-part-*; do certutil -A -d sql:STEM-nss -n $each -t ,, -a -i $each; done
pk12util -o PFX_FILE -d sql:STEM-nss -n STEM-part-00 -W \"\""""
CERTTOOL = """\
(set -C; umask 077; certtool --generate-privkey --key-type rsa --bits 4096 --no-text > KEY_FILE) &&
echo 'cn = "onboarding_key"' > STEM.cfg &&
certtool --generate-request --load-privkey KEY_FILE --template STEM.cfg --no-text --outfile CSR_FILE"""
CFSSL = """\
[ ! -e KEY_FILE ] || { echo "KEY_FILE is there already. Nothing was changed."; false; } &&
echo '{"CN": "onboarding_key", "key": {"algo": "rsa", "size": 4096}}' |
cfssl genkey - | cfssljson -bare STEM && mv STEM-key.pem KEY_FILE"""
EASY_RSA = """\
[ ! -e STEM-pki ] || { echo "STEM-pki is there already. Nothing was changed."; false; } &&
export EASYRSA_PKI=STEM-pki && easyrsa init-pki &&
easyrsa --batch --keysize=4096 --req-cn=onboarding_key gen-req onboarding nopass &&
mv STEM-pki/private/onboarding.key KEY_FILE && mv STEM-pki/reqs/onboarding.req CSR_FILE"""
STRONGSWAN = """\
(set -C; umask 077; pki --gen --type rsa --size 4096 --outform pem > KEY_FILE) &&
pki --req --in KEY_FILE --dn CN=onboarding_key --digest sha256 --outform pem > CSR_FILE"""


@dataclass(frozen=True)
class CsrMaker:
    """`lines` make KEY_FILE and CSR_FILE, which list_recipes() replaces by the names of an onboarding's files.

    With `file` they are its contents and `call` runs it; without they are typed into a shell. None of them writes over
    a key that is there. `later` brings the certificate to the key, where no key file is written. `note` is a sentence.
    """

    id: str
    name: str
    lines: str
    note: str = ""
    file: str = ""
    call: str = ""
    later: str = ""

    def fill(self, names: FileNames) -> "CsrMaker":
        """The same for these files."""
        filled = {name: _fill(getattr(self, name), names) for name in ("lines", "file", "call", "later")}
        return replace(self, **filled)


CSR_MAKERS = (
    CsrMaker("certtool", "GnuTLS, certtool", CERTTOOL),
    CsrMaker("nss", "NSS, certutil", NSS, "The key stays in the folder that it makes.", later=NSS_PFX),
    CsrMaker("cfssl", "cfssl", CFSSL),
    CsrMaker("easy-rsa", "Easy-RSA 3", EASY_RSA),
    CsrMaker("strongswan", "strongSwan, pki", STRONGSWAN),
    CsrMaker("ansible", "Ansible", csr_scripts.ANSIBLE, "", "csr.yml", "ansible-playbook csr.yml"),
    CsrMaker("python", "Python, cryptography", csr_scripts.PYTHON, "", "csr.py", "python3 csr.py"),
    CsrMaker("go", "Go", csr_scripts.GO, "", "csr.go", "go run csr.go"),
    CsrMaker("ruby", "Ruby", csr_scripts.RUBY, "", "csr.rb", "ruby csr.rb"),
    CsrMaker("php", "PHP", csr_scripts.PHP, "", "csr.php", "php csr.php"),
    CsrMaker("dotnet", ".NET 7 or newer", csr_scripts.DOTNET, "", "Program.cs", "dotnet run"),
    CsrMaker("forge", "Node, node-forge", csr_scripts.FORGE, "", "csr.cjs", "node csr.cjs"),
    CsrMaker("pkijs", "Node, PKI.js", csr_scripts.PKIJS, "", "csr.mjs", "node csr.mjs"),
)


def list_recipes(names: FileNames) -> tuple[CsrMaker, ...]:
    """All of them, for the files of one key."""
    return tuple(each.fill(names) for each in CSR_MAKERS)


def _fill(text: str, names: FileNames) -> str:
    text = text.replace("KEY_FILE", names.key).replace("CSR_FILE", names.csr)
    return text.replace("CER_FILE", names.cer).replace("PFX_FILE", names.pfx).replace("STEM", names.stem)
