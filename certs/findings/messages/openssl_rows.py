"""What the openssl program says: OpenSSL 1.0.2 to 4.0, and LibreSSL as macOS and OpenBSD have it."""

import re

from certs.findings.codes import FindingCode
from certs.findings.messages.known_message import RAW, REGEX, KnownMessage

_OPTIONS = (
    "new|newkey|nodes|noenc|key|keyout|out|in|inkey|subj|sha256|export|passin|passout|certfile|legacy|text|noout|"
    "verify|nokeys|clcerts|nomac|keypbe|certpbe|macalg|cert|cert-type|info|pubout|pubkey|alias|file|keystore|storetype"
)
# An email program may have put a line break anywhere into the line.
_WRAPPED_OPTIONS = "|".join(r"(?: ?[\r\n]+)?".join(map(re.escape, option)) for option in _OPTIONS.split("|"))
_CURLY = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019"
_CONFIG = "openssl.cnf"
_APPS, _REQ, _P12 = "apps/lib/apps.c", "apps/req.c", "apps/pkcs12.c"


def _openssl(
    code: FindingCode, versions: str, source: str, *pieces: str, unless: tuple[str, ...] = ()
) -> KnownMessage:
    return KnownMessage(code, "OpenSSL", versions, source, pieces, unless)


def _early(code: FindingCode, source: str, *pieces: str, unless: tuple[str, ...] = ()) -> KnownMessage:
    """What LibreSSL kept of OpenSSL 1.0.2: the file stands in usr.bin/openssl of the one and in apps of the other."""
    return KnownMessage(code, "LibreSSL, OpenSSL", "2.8 to 4, 1.0.2", source, pieces, unless)


def _libressl(code: FindingCode, source: str, *pieces: str, unless: tuple[str, ...] = ()) -> KnownMessage:
    return KnownMessage(code, "LibreSSL", "2.8 to 4", f"usr.bin/openssl/{source}", pieces, unless)


_SUBJECT = "name is expected to be in the format /type0=value0"
_FORMAT = "format:"
_GIT = rf"{REGEX}{_FORMAT}'[a-z]:[/\\]"
_NO_SLASH = "subject does not start with '/'"
_QUOTED = rf"{REGEX}-subj=?[{_CURLY}]"
_UNQUOTED = rf"{REGEX}-subj=?[\"']?[a-z]{{1,12}}="
_QUOTES_SEEN = rf"{REGEX}{_FORMAT}'[^a-z0-9/']{{1,9}}/[a-z]+="
_MANGLED = rf"{REGEX}{_FORMAT}'[^/'\\:=]{{1,9}}/[a-z]+="  # curly quotes in another code page
_TYPED = rf"{REGEX}{_FORMAT}'(?:\\\\?|[a-z]{{1,12}}=)"
_MINGW = f"{REGEX}mingw(?:32|64)|/git/cn=|msys"

SUBJECT_ROWS = (
    _openssl(FindingCode.OPENSSL_GIT_BASH_PATH, "1.1.1 to 4.0", f"{_APPS} parse_name", _GIT),
    _openssl(FindingCode.OPENSSL_GIT_BASH_PATH, "1.1.1 to 4.0", f"{_APPS} parse_name", _FORMAT, "/git/cn="),
    _early(FindingCode.OPENSSL_GIT_BASH_PATH, "apps.c parse_name", _NO_SLASH, _MINGW, unless=(_QUOTED,)),
    _openssl(FindingCode.OPENSSL_QUOTES, "1.1.1 to 4.0", f"{_APPS} parse_name", _SUBJECT, _QUOTES_SEEN),
    _openssl(FindingCode.OPENSSL_QUOTES, "1.1.1 to 4.0", f"{_APPS} parse_name", _SUBJECT, _MANGLED),
    _openssl(FindingCode.OPENSSL_QUOTES, "1.1.1 to 4.0", f"{_APPS} parse_name", _SUBJECT, _QUOTED, unless=(_TYPED,)),
    _early(FindingCode.OPENSSL_QUOTES, "apps.c parse_name", _NO_SLASH, _QUOTED),
    _openssl(
        FindingCode.OPENSSL_SUBJECT_SLASH, "1.1.1 to 4.0", f"{_APPS} parse_name", _SUBJECT,
        unless=(_GIT, "/git/cn=", _QUOTES_SEEN, _MANGLED),
    ),
    _early(FindingCode.OPENSSL_SUBJECT_SLASH, "apps.c parse_name", _NO_SLASH, unless=(_QUOTED, _MINGW)),
    _openssl(FindingCode.OPENSSL_DOUBLE_SLASH, "3.0 to 4.0", f"{_APPS} parse_name",
             "skipping unknown subject name attribute \"/"),
    _openssl(FindingCode.OPENSSL_DOUBLE_SLASH, "1.1.1", "apps/apps.c parse_name", "skipping unknown attribute \"/"),
    _early(FindingCode.OPENSSL_DOUBLE_SLASH, "apps.c parse_name", "subject attribute / | subject attribute /cn",
              "has no known nid, skipped"),
    _openssl(FindingCode.OPENSSL_SUBJECT_FORM, "1.1.1 to 4.0", f"{_APPS} parse_name",
             "skipping unknown subject name attribute | skipping unknown attribute", unless=("attribute \"/",)),
    _openssl(FindingCode.OPENSSL_SUBJECT_FORM, "3.0 to 4.0", f"{_APPS} parse_name",
             "missing '=' after rdn type string"),
    _openssl(FindingCode.OPENSSL_SUBJECT_FORM, "1.1.1", "apps/apps.c parse_name", "hit end of string before finding the equals"),
    _openssl(FindingCode.OPENSSL_SUBJECT_FORM, "1.0.2 to 4.0", f"{_APPS} parse_name", "no value provided for subject"),
    _openssl(FindingCode.OPENSSL_SUBJECT_FORM, "1.0.2 to 4.0", f"{_APPS} parse_name", "escape character at end of"),
    _early(FindingCode.OPENSSL_SUBJECT_FORM, "apps.c parse_name", "end of string encountered while processing type of subject name element"),
    _early(FindingCode.OPENSSL_SUBJECT_FORM, "apps.c parse_name", "has no known nid, skipped",
              unless=("attribute /cn",)),
    _openssl(FindingCode.OPENSSL_NAME_LONG, "all", "crypto/asn1/a_mbstr.c", "string too long", "maxsize=64"),
    _openssl(FindingCode.OPENSSL_NAME_LONG, "all", "crypto/asn1/a_mbstr.c", "asn1_mbstring_ncopy:string too long"),
    _openssl(FindingCode.OPENSSL_NAME_LONG, "3.0 to 4.0", _REQ, "string too long, must be at most"),
    KnownMessage(FindingCode.OPENSSL_NAME_LONG, "OpenSSL, LibreSSL", "1.0.2 to 1.1.1, 2.8 to 4", _REQ, ("string is too long, it needs to be",)),
)  # fmt: skip

FILE_ROWS = (
    _openssl(FindingCode.OPENSSL_CONFIG, "1.0.2", "apps/openssl.c", "can't open config file", _CONFIG),
    _early(FindingCode.OPENSSL_CONFIG, "req.c", "unable to load config info from"),
    KnownMessage(FindingCode.OPENSSL_CONFIG, "OpenSSL, LibreSSL", "1.0.2 to 1.1.1, 2.8 to 4", _REQ, ("unable to find 'distinguished_name' in config",)),
    _openssl(FindingCode.OPENSSL_CONFIG, "1.0.2 to 4.0", _REQ, rf"{REGEX}unabletoget'[^']{{1,60}}'section"),
    _openssl(FindingCode.OPENSSL_CONFIG, "1.0.2 to 4.0", _REQ, "no objects specified in config file | no template, please set one up"),
    _openssl(FindingCode.OPENSSL_CONFIG, "1.1.1 to 4.0", f"{_APPS} app_load_config", rf"{REGEX}erroronline\d+ofconfigfile|can'tloadconfigfile"),
    _openssl(FindingCode.OPENSSL_CONFIG, "1.1.1 to 4.0", f"{_APPS} bio_open_default", rf"{REGEX}can'topen\"?[^\"]{{0,200}}openssl\.cnf"),
    _openssl(FindingCode.OPENSSL_CONFIG, "3.0 to 4.0", "crypto/bio/bss_file.c", rf"{REGEX}fopen\([^)]{{0,200}}openssl\.cnf"),
    _openssl(FindingCode.OPENSSL_CONFIG, "all", "crypto/conf/conf_def.c", "configuration file routines", "no such file | missing equal sign | missing close square bracket | no value"),
    _openssl(FindingCode.OPENSSL_CANNOT_WRITE, "1.1.1 to 4.0", f"{_APPS} bio_open_default", "for writing,", "permission denied | no such file | read-only | is a directory | access is denied"),
    _openssl(FindingCode.OPENSSL_CANNOT_WRITE, "1.1.1 to 4.0", f"{_APPS} bio_open_default", "for reading,", "permission denied", unless=(_CONFIG,)),
    _openssl(FindingCode.OPENSSL_CANNOT_WRITE, "1.0.2", "apps/pkcs12.c", "error opening output file"),
    _libressl(FindingCode.OPENSSL_CANNOT_WRITE, "pkcs12.c", "error opening output file"),
    KnownMessage(FindingCode.OPENSSL_CANNOT_WRITE, "LibreSSL", "2.8 to 4", "not checked", ("fopen:permission denied | fopen:read-only",)),
    _openssl(FindingCode.OPENSSL_CANNOT_WRITE, "all", "crypto/bio/bss_file.c", "bio_new_file:permission denied | fopen:permission denied", unless=(_CONFIG,)),
    _openssl(FindingCode.OPENSSL_NO_FILE, "1.1.1 to 4.0", f"{_APPS} bio_open_default", "can't open", "for reading,", "no such file", unless=(_CONFIG,)),
    _openssl(FindingCode.OPENSSL_NO_FILE, "1.0", "not checked", "can't open", "no such file or directory", unless=(_CONFIG, "for writing")),
    _openssl(FindingCode.OPENSSL_NO_FILE, "3.0 to 4.0", f"{_APPS} load_key_certs_crls", "could not open file or uri for loading", unless=("permission denied",)),
    _openssl(FindingCode.OPENSSL_NO_FILE, "1.0 to 4.0", "crypto/bio/bss_file.c", "fopen:no such file | bio_new_file:no such file", unless=(_CONFIG, "for writing")),
    _early(FindingCode.OPENSSL_NO_FILE, "apps.c load_cert", "error opening certificate | error opening private key | error opening input file | error opening key", unless=("permission denied",)),
    _openssl(FindingCode.OPENSSL_NO_FILE, "all", "perror after the file's name", rf"{REGEX}\.(?:cer|csr|key|pfx|der|txt|p7b|pem|crt):nosuchfileordirectory", unless=(_CONFIG, "for writing")),
)  # fmt: skip

_PROGRAM = "(?:req|pkcs12|x509|pkey|pkcs7|dgst|base64|enc|verify|rsa|genrsa|genpkey|s_client)"
OPTION_ROWS = (
    KnownMessage(
        FindingCode.OPENSSL_LONG_DASH, "any program", "all", "the command itself",
        (rf"{RAW}(?:^|\s)[\"']?(?:[\u2010-\u2015\u2212]|\u00e2\u20ac[\"\u201c\u201d]|\u00ad)(?: ?[\r\n]+)?(?:{_WRAPPED_OPTIONS})(?=[\s\"':]|$)",),
    ),
    _openssl(FindingCode.OPENSSL_NO_LEGACY, "1.1.1", "apps/lib/opt.c", "unrecognized flag legacy"),
    _openssl(FindingCode.OPENSSL_NO_LEGACY, "3.0 to 4.0", "apps/lib/opt.c", "unknown option: -legacy | unknown option or cipher: legacy"),
    _libressl(FindingCode.OPENSSL_NO_LEGACY, "apps.c options_parse", "unknown option '-legacy'"),
    _early(FindingCode.OPENSSL_NO_LEGACY, "x509.c, req.c", rf"{REGEX}unknownoption[:'\"]*-?legacy"),
    _openssl(FindingCode.OPENSSL_NO_LEGACY, "1.0.2", _P12, "usage: pkcs12 [options]", "where options are", "-legacy"),
    _openssl(FindingCode.OPENSSL_LEGACY_MODULE, "3.0 to 4.0", "apps/lib/app_provider.c", "unable to load provider legacy"),
    _openssl(FindingCode.OPENSSL_LEGACY_MODULE, "3.0 to 4.0", "crypto/dso", "could not load the shared library", "legacy.so | legacy.dll | legacy.dylib | name=legacy"),
    _openssl(FindingCode.OPENSSL_OPTION, "1.1.1", "apps/lib/opt.c", "unrecognized flag", unless=("flag legacy",)),
    _openssl(FindingCode.OPENSSL_OPTION, "1.1.1 to 4.0", "apps/lib/opt.c", rf"{REGEX}{_PROGRAM}:(?:unknownoption|unknowncipher|option-?\w+needsavalue|unknownoptionormessagedigest)", unless=("-legacy", "cipher: legacy")),
    _openssl(FindingCode.OPENSSL_OPTION, "3.2 to 4.0", "apps/lib/opt.c", rf"{REGEX}{_PROGRAM}:(?:extraoption|extraargument|extra\(unknown\)options|multiple[^:]{{1,60}}orunknownoptions)"),
    _openssl(FindingCode.OPENSSL_OPTION, "1.1.1 to 4.0", "apps/lib/opt.c", rf"{REGEX}{_PROGRAM}:option-?\w+doesnottakeavalue"),
    _openssl(FindingCode.OPENSSL_OPTION, "1.1.1", "apps/opt.c", "option unknown option -", unless=("option -legacy",)),
    _openssl(FindingCode.OPENSSL_OPTION, "1.1.1 to 4.0", "apps/req.c, pkcs12.c, x509.c", rf"{REGEX}{_PROGRAM}:use-helpforsummary", unless=("legacy",)),
    _openssl(FindingCode.OPENSSL_OPTION, "1.0.2", _P12, "usage: pkcs12 [options]", "where options are", unless=("-legacy",)),
    _early(FindingCode.OPENSSL_OPTION, "x509.c, req.c", rf"{REGEX}unknownoption-(?!legacy)\w", "where options | [options] | usage: x509"),
    _libressl(FindingCode.OPENSSL_OPTION, "apps.c options_parse", "unknown option '", unless=("'-legacy",)),
)  # fmt: skip

_LOCKED = ("bad decrypt", "maybe wrong password", "pkcs12 cipherfinal error")
_NO_SUCH = ("no such file", "could not open file or uri")

KEY_ROWS = (
    _openssl(FindingCode.OPENSSL_KEY_LOCKED, "3.0 to 4.0", "crypto/store/store_result.c, crypto/pkcs12/p12_decr.c", "maybe wrong password", unless=("error outputting keys",)),
    _openssl(FindingCode.OPENSSL_KEY_LOCKED, "1.0 to 1.1.1", "crypto/evp/evp_enc.c", "evp_decryptfinal_ex:bad decrypt", unless=("pkcs12",)),
    _openssl(FindingCode.OPENSSL_KEY_LOCKED, "all", "providers/implementations/ciphers", "bad decrypt", "private key | enter pass phrase", unless=("pkcs12 routines",)),
    _openssl(FindingCode.OPENSSL_PASS_PHRASE, "all", "crypto/pem/pem_lib.c", "enter pem pass phrase", unless=("bad decrypt",)),
    _openssl(FindingCode.OPENSSL_PASS_PHRASE, "all", "crypto/pem/pem_pkey.c", "problems getting password"),
    _openssl(FindingCode.OPENSSL_OTHER_KEY, "3.0 to 4.0", _P12, "no cert in -in file", "matches private key"),
    _openssl(FindingCode.OPENSSL_OTHER_KEY, "1.0 to 1.1.1", _P12, "no certificate matches private key"),
    _libressl(FindingCode.OPENSSL_OTHER_KEY, "pkcs12.c", "no certificate matches private key"),
    _openssl(FindingCode.OPENSSL_OTHER_KEY, "all", "crypto/x509/x509_err.c", "key values mismatch | key_values_mismatch | key type mismatch"),
    _openssl(FindingCode.OPENSSL_CSR_FOR_CERTIFICATE, "3.0 to 4.0", f"{_APPS} load_key_certs_crls", rf"{REGEX}couldnot(?:read|find(?:ordecode)?)(?:any)?certificates?(?:file)?from(?:-infilefrom)?[^:]{{0,120}}\.csr"),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "3.0 to 4.0", f"{_APPS} load_key_certs_crls", "could not read certificate from | could not find certificate from | could not read any certificates from | could not find any certificates from | could not read certs of | could not find certs of | could not read ca certificate | could not find ca certificate", unless=(".csr", *_NO_SUCH)),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "3.2 to 4.0", f"{_APPS} load_key_certs_crls", "could not find certificates from | could not find ca certificate from", unless=(".csr", *_NO_SUCH)),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "after 3.6", f"{_APPS} load_key_certs_crls", "could not find or decode certificate | could not find or decode ca certificate", unless=(".csr", *_NO_SUCH)),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "3.0 to 4.0", "apps/verify.c", "could not read certificate file from | could not find certificate file from", unless=(".csr", *_NO_SUCH)),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "3.0 to 4.0", "apps/pkcs12.c, verify.c", rf"{REGEX}couldnot(?:read|find(?:ordecode)?)(?:any)?(?:extra|untrusted|trusted)certificates", unless=(".csr", *_NO_SUCH)),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "3.0 to 4.0", _P12, "no certificate in -in file"),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "1.0 to 1.1.1", "apps/apps.c load_cert", "unable to load certificate | unable to load certificates", unless=("certificate request", *_NO_SUCH, "error opening")),
    _openssl(FindingCode.OPENSSL_CANNOT_READ_CERTIFICATE, "all", "crypto/pem/pem_lib.c", "expecting: trusted certificate | expecting: certificate", unless=("certificate request",)),
    _openssl(FindingCode.OPENSSL_REQUEST_UNREADABLE, "all", "apps/req.c, apps/lib/apps.c load_csr", "unable to load x509 request | unable to load certificate request", unless=_NO_SUCH),
    _openssl(FindingCode.OPENSSL_REQUEST_UNREADABLE, "all", "crypto/pem/pem_lib.c", "expecting: certificate request", unless=_NO_SUCH),
    _openssl(FindingCode.OPENSSL_NO_KEY, "3.0 to 4.0", f"{_APPS} load_key_certs_crls", "could not read private key | could not find private key | could not read key from | could not find key from | could not read public key of private key", unless=(*_LOCKED, *_NO_SUCH)),
    _openssl(FindingCode.OPENSSL_NO_KEY, "after 3.6", f"{_APPS} load_key_certs_crls", "could not find or decode private key | could not find or decode key", unless=(*_LOCKED, *_NO_SUCH)),
    _openssl(FindingCode.OPENSSL_NO_KEY, "1.0 to 1.1.1", "apps/apps.c load_key", "unable to load private key | unable to load key", unless=(*_LOCKED, *_NO_SUCH, "error opening")),
    _openssl(FindingCode.OPENSSL_NOT_PKCS7, "all", "apps/pkcs7.c", "unable to load pkcs7 object"),
)  # fmt: skip

_NOT_DER = "wrong tag | not enough data | header too long | nested asn1 error | too long"

PFX_ROWS = (
    _openssl(FindingCode.OPENSSL_PFX_TEXT, "all", "crypto/asn1/tasn_dec.c", _NOT_DER, "type=pkcs12"),
    _openssl(FindingCode.OPENSSL_NO_MAC, "3.0 to 4.0", _P12, "mac is absent"),
    _openssl(FindingCode.OPENSSL_MAC, "all", _P12, "mac verify error: invalid password", unless=("mac is absent",)),
    KnownMessage(FindingCode.OPENSSL_MAC, "OpenSSL, LibreSSL", "1.0.2 to 1.1.1, 2.8 to 4", "apps.c load_pkcs12", ("mac verify error (wrong password",)),
    _openssl(FindingCode.OPENSSL_MAC, "all", "crypto/pkcs12/pk12err.c", "mac verify failure | mac_verify_failure"),
    _openssl(FindingCode.OPENSSL_MAC, "all", "crypto/pkcs12/p12_decr.c", "pkcs12 cipherfinal error", unless=("fetch",)),
    _openssl(FindingCode.OPENSSL_LEGACY, "3.0 to 4.0", "crypto/evp/evp_fetch.c", "inner_evp_generic_fetch:unsupported"),
    _openssl(FindingCode.OPENSSL_LEGACY, "3.0 to 4.0", "crypto/evp/evp_fetch.c", "rc2-40-cbc", "unsupported"),
    _openssl(FindingCode.OPENSSL_OUTPUT, "all", _P12, "error outputting keys and certificates", unless=("inner_evp_generic_fetch", "rc2-40-cbc", "cipherfinal", "bad decrypt", "enter pem pass phrase")),
    _openssl(FindingCode.OPENSSL_ISSUER_MISSING, "all", "apps/verify.c", rf"{REGEX}error(?:2|20|21)at\d+depthlookup"),
    _libressl(FindingCode.OPENSSL_ISSUER_MISSING, "verify.c", rf"{REGEX}verificationfailed:(?:2|20|21)\("),
    _openssl(FindingCode.OPENSSL_ISSUER_MISSING, "3.0 to 4.0", _P12, rf"{REGEX}errorgettingchain:unabletoget(?:local)?issuercertificate"),
    KnownMessage(FindingCode.OPENSSL_ISSUER_MISSING, "OpenSSL, LibreSSL", "1.0.2 to 1.1.1, 2.8 to 4", _P12, (rf"{REGEX}errorunabletoget(?:local)?issuercertificategettingchain",)),
    _openssl(FindingCode.OPENSSL_ROOT_UNTRUSTED, "all", "apps/verify.c", rf"{REGEX}error19at\d+depthlookup|verificationfailed:19\("),
    _openssl(FindingCode.OPENSSL_SELF_SIGNED, "all", "apps/verify.c", rf"{REGEX}error18at0depthlookup|verificationfailed:18\("),
)  # fmt: skip

ROWS = (*SUBJECT_ROWS, *FILE_ROWS, *OPTION_ROWS, *KEY_ROWS, *PFX_ROWS)
