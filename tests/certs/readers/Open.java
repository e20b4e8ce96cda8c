// java Open.java FILE PASSWORD ...: two words for each file: o key and chain, - something is missing, x no key is given.
// The first is with its own password (an empty one has no character), the second with null, whatever its password.

import java.io.FileInputStream;
import java.security.KeyStore;
import java.util.Collections;

public class Open {
    public static void main(String[] words) {
        for (int at = 0; at < words.length; at += 2) {
            System.out.println(open(words[at], words[at + 1].toCharArray()) + " " + open(words[at], null));
        }
    }

    static String open(String file, char[] password) {
        try (FileInputStream opened = new FileInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(opened, password);
            return look(store, password);
        } catch (Exception refused) {
            return "x";
        }
    }

    static String look(KeyStore store, char[] password) {
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password) != null) {
                    var chain = store.getCertificateChain(alias);
                    return chain != null && chain.length == 2 ? "o" : "-";
                }
            }
            return "-";
        } catch (Exception keyRefused) {
            return "x";
        }
    }
}
