"""What shells say: a program that is not there, and a command of one shell that was pasted into another."""

from certs.findings.codes import FindingCode
from certs.findings.messages.known_message import REGEX, KnownMessage

_MISSING = {
    FindingCode.OPENSSL_MISSING: "openssl",
    FindingCode.PROGRAM_MISSING: "keytool|curl|java|certutil|certreq|az|pk12util|certtool|cfssl|cfssljson|easyrsa|pki"
    "|ansible-playbook|python3|go|ruby|php|dotnet|node",
}


def _missing(code: FindingCode, program: str, versions: str, source: str, words: str) -> KnownMessage:
    """`words` hold NAME where the program's name stands, as it was typed, perhaps with a folder and .exe."""
    return KnownMessage(
        code, program, versions, source, (REGEX + words.replace("NAME", rf"(?:{_MISSING[code]})(?:\.exe)?"),)
    )


_WAYS = (
    ("bash", "all", "execute_cmd.c", r"(?<![\w.-])NAME:commandnotfound"),
    ("bash", "all, another language", "po/*.po", r"(?<![\w.-])NAME:(?:kommandonichtgefunden|commandeintrouvable|ordennoencontrada|comandonontrovato|comandonaoencontrado|opdrachtnietgevonden|nieznalezionopolecenia|команданенайдена|komutyok|kommandotfinnsinte|prikaznenalezen|コマンドが見つかりません)"),
    ("bash", "older, German and Spanish", "not checked", r"(?<![\w.-])NAME:(?:befehlnichtgefunden|ordennoseencontr)"),
    ("dash, ash", "all", "src/exec.c", r"(?<![\w.-])NAME:(?:notfound|permissiondenied:notfound)"),
    ("zsh", "all", "Src/exec.c", r"commandnotfound:NAME(?![\w.-])"),
    ("fish", "3 and 4", "report", r"unknowncommand:?['\"]?NAME(?![\w.-])"),
    ("nushell, busybox, env", "all", "report", r"(?<![\w.-])NAME['\"]?:nosuchfileordirectory"),
    ("cmd", "all", "report", r"['\"]NAME['\"]isnotrecognized"),
    ("cmd", "German", "report", r"befehl['\"]NAME['\"]istentwederfalschgeschrieben"),
    ("cmd", "German", "report", r"['\"]NAME['\"]istentwederfalschgeschrieben"),
    ("cmd", "French", "report", r"['\"]NAME['\"]n'estpasreconnu"),
    ("cmd", "Spanish", "report", r"['\"]NAME['\"]nosereconoce"),
    ("cmd, PowerShell 7.7", "Italian", "report; DiscoveryExceptions.resx", r"['\"]NAME['\"]nonericonosciuto"),
    ("cmd, PowerShell 7.7", "Portuguese", "report; DiscoveryExceptions.resx", r"['\"]NAME['\"]naoereconhecido"),
    ("PowerShell", "5.1 and 7", "DiscoveryExceptions.resx", r"theterm['\"]NAME['\"]isnotrecognized"),
    ("PowerShell", "5.1, any language", "ErrorRecord", r"objectnotfound:\(NAME:string\).{0,200}commandnotfoundexception"),
    ("PowerShell", "5.1, German", "report", r"(?:benennung|begriff)['\"]NAME['\"](?:wurde|ist)nichtalsname"),
    ("PowerShell", "5.1 and 7.7, French", "DiscoveryExceptions.resx", r"leterme['\"\u00ab]?NAME['\"\u00bb]?n'estpasreconnu"),
    ("PowerShell", "5.1 and 7.7, Spanish", "DiscoveryExceptions.resx", r"eltermino['\"]NAME['\"]nosereconoce"),
    ("PowerShell", "7.7, German", "DiscoveryExceptions.resx", r"begriff['\"]NAME['\"]wirdnichtalsname"),
    ("PowerShell", "7.7, Czech", "DiscoveryExceptions.resx", r"vyrazNAMEnebylrozpoznan"),
    ("PowerShell", "7.7, Polish", "DiscoveryExceptions.resx", r"termin['\"]NAME['\"]niejestrozpoznawany"),
    ("PowerShell", "7.7, Russian", "DiscoveryExceptions.resx", r"термин['\"]NAME['\"]нераспознается"),
    ("PowerShell", "7.7, Turkish", "DiscoveryExceptions.resx", r"['\"]NAME['\"]terimibir"),
    ("PowerShell", "7.7, Japanese", "DiscoveryExceptions.resx", r"用語['\"]NAME['\"]は"),
    ("PowerShell", "7.7, Korean", "DiscoveryExceptions.resx", r"['\"]NAME['\"]용어는"),
    ("PowerShell", "7.7, Chinese", "DiscoveryExceptions.resx", r"术语['\"]NAME['\"]|無法將['\"]NAME['\"]字詞"),
    ("winget, MSYS", "all", "not checked", r"couldnotfind(?:theprogram)?['\"]?NAME(?:\.exe)?['\"]?(?:on|in)(?:the)?path"),
)  # fmt: skip

_BASH_ELSEWHERE = (
    ("Windows PowerShell", "5.1", "ParserStrings.resx", "token '&&' is not a valid statement separator"),
    ("Windows PowerShell", "5.1", "ParserStrings.resx", "missing '(' after 'if' in if statement"),
    ("PowerShell", "5.1 and 7", "ParserStrings.resx", "missing opening '(' after keyword"),
    ("PowerShell", "5.1, any language", "ParserStrings.resx", "invalidendofline | missingopenparenthesisinifstatement | invalidvariablereferencewithdrive"),
    ("bash, zsh", "all", "parse.y", "syntax error near unexpected token `{' | syntax error near unexpected token `(' | syntax error near unexpected token `then'"),
    ("bash", "all", "parse.y", "unexpected token `newline'"),
    ("zsh", "all", "Src/parse.c, Src/lex.c", "zsh: parse error near"),
    ("cmd", "all", "report", "-e was unexpected at this time | ( was unexpected at this time | { was unexpected at this time | -path was unexpected"),
    ("bash", "all", "seen", "test-path: command not found | remove-item: command not found | out-null: command not found"),
    ("cmd", "all", "report", "'test-path' is not recognized | 'remove-item' is not recognized | 'rm' is not recognized | 'msys_no_pathconv' is not recognized"),
    ("PowerShell", "all", "report", "term 'msys_no_pathconv=1' is not recognized | the term 'then' is not recognized | term 'fi' is not recognized"),
)  # fmt: skip

# What the makers of keys say that refuse to write over one.
_KEY_EXISTS = (
    ("the portal's own command", "all", "openssl_commands.py", r"(?:\.key|-pki)istherealready\.nothingwaschanged\.(?![\"')])"),
    ("bash", "all", "redir.c", r"\.key:cannotoverwriteexistingfile"),
    ("zsh", "all", "Src/exec.c", r"fileexists:[^:]{1,200}\.key(?![\w.-])"),
    ("Go", "all", "syscall/zerrors", r"open[^:]{1,200}\.key:fileexists"),
    ("Node", "all", "libuv uv.h", r"eexist:filealreadyexists,open'[^']{1,200}\.key'"),
    ("Python", "3", "Objects/exceptions.c", r"fileexistserror:\[errno17\]fileexists:'[^']{1,200}\.key'"),
    ("Ruby", "all", "seen with 3.1", r"fileexists@rb_sysopen-[^()]{1,200}\.key"),
    ("PHP", "8", "seen with 8.2", r"fopen\([^)]{1,200}\.key\):failedtoopenstream:fileexists"),
    (".NET", "all", "System.Private.CoreLib Strings.resx", r"thefile'[^']{1,200}\.key'alreadyexists"),
    ("mkdir", "all", "seen with coreutils 9.1", r"cannotcreatedirectory['\u2018]?[^:]{1,200}-nss['\u2019]?:fileexists"),
)  # fmt: skip

ROWS = (
    *(
        KnownMessage(FindingCode.KEY_FILE_EXISTS, program, versions, source, (REGEX + words,))
        for program, versions, source, words in _KEY_EXISTS
    ),
    *(_missing(code, *way) for code in _MISSING for way in _WAYS),
    *(
        KnownMessage(FindingCode.WRONG_SHELL, program, versions, source, (words,))
        for program, versions, source, words in _BASH_ELSEWHERE
    ),
    KnownMessage(FindingCode.FILE_NOT_FOUND, "Python", "3", "Objects/exceptions.c", ("filenotfounderror: [errno 2]",)),
    KnownMessage(FindingCode.FILE_NOT_FOUND, "Node", "all", "libuv uv.h", ("enoent: no such file or directory",)),
    KnownMessage(FindingCode.FILE_NOT_FOUND, "Java", "all", "FileInputStream.java", ("java.io.filenotfoundexception | java.nio.file.nosuchfileexception",)),
    KnownMessage(FindingCode.FILE_NOT_FOUND, "keytool", "8 to 25", "sun/security/tools/keytool/Resources.java", ("keystore file does not exist",)),
    KnownMessage(FindingCode.FILE_NOT_FOUND, ".NET", "all", "System.Private.CoreLib Strings.resx", ("system.io.filenotfoundexception | system.io.directorynotfoundexception",)),
    KnownMessage(FindingCode.FILE_NOT_FOUND, "Go", "all", "syscall/zerrors", (rf"{REGEX}open\S{{1,200}}\.(?:pfx|p12|cer|crt|pem|key):nosuchfileordirectory",)),
    KnownMessage(FindingCode.FILE_NOT_FOUND, "Windows", "all", "winerror.h ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND", ("0x80070002 | 0x80070003",)),
    KnownMessage(FindingCode.FILE_NOT_FOUND, "PowerShell", "5.1 and 7", "SessionStateStrings.resx", ("cannot find path '", "because it does not exist"),),
)  # fmt: skip
