#!/usr/bin/env bash
# Surprise: Bouncy Castle's KeyStore "PKCS12" encrypts the certificates with RC2 and 40 bits, and OpenSSL 3 cannot
# open the file: “unsupported ... RC2-40-CBC”. Java's own KeyStore of the same name writes AES.
# One would guess: a current library writes what current programs read; a file that Java made and Java reads opens
# elsewhere.
# Whom it hurts: who builds a PFX in Java with the BC provider: it works until somebody opens it with OpenSSL 3,
# Node or nginx. “PKCS12-3DES-3DES” as the name of the store writes triple DES for both.
# Seen: libbcprov-java 1.72 of Debian 12, OpenJDK 17, OpenSSL 3.0, November 2026. Needs Debian's apt-get, openssl
# and a JDK.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fetch() { (apt-get download "$@" >apt.log 2>&1 && for each in *.deb; do dpkg -x "$each" tree; done); }

command -v javac >/dev/null || { echo "This needs a JDK 17 or newer (javac)."; exit 2; }
fetch libbcprov-java=1.72-2
openssl req -x509 -new -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=onboarding_key -days 30 -out own.pem 2>openssl.log
cat >Write.java <<'END'
import java.io.*;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

public class Write {
    public static void main(String[] words) throws Exception {
        Provider bouncy = new org.bouncycastle.jce.provider.BouncyCastleProvider();
        System.out.println(bouncy.getInfo() + ", Java " + System.getProperty("java.version"));
        String text = Files.readString(Path.of("key.pem")).replaceAll("-----[A-Z ]+-----", "");
        byte[] der = Base64.getMimeDecoder().decode(text);
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        var own = CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream("own.pem"));
        KeyStore[] stores = {
            KeyStore.getInstance("PKCS12", bouncy), KeyStore.getInstance("PKCS12-3DES-3DES", bouncy), KeyStore.getInstance("PKCS12") };
        String[] names = {"bc", "bc-3des", "sun"};
        for (int at = 0; at < 3; at++) {
            stores[at].load(null, null);
            stores[at].setKeyEntry("own", key, "horse1".toCharArray(), new java.security.cert.Certificate[] {own});
            try (OutputStream file = new FileOutputStream(names[at] + ".p12")) { stores[at].store(file, "horse1".toCharArray()); }
        }
    }
}
END
java -cp "$folder/tree/usr/share/java/bcprov.jar" Write.java
openssl version
seen=""
for name in bc bc-3des sun; do
  if openssl pkcs12 -in "$name.p12" -passin pass:horse1 -nodes >"$name.txt" 2>&1; then seen="$seen opens"; else seen="$seen refuses"; fi
  echo "$name.p12:$(echo "$seen" | sed 's/.* / /') $(grep -o "RC2[-A-Z0-9]*" "$name.txt" | head -n 1)"
done
if [ "$seen" != " refuses opens opens" ] || ! grep -q RC2-40-CBC bc.txt; then
  echo "The behaviour has changed."
  exit 1
fi
