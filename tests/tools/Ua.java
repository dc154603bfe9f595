import java.io.FileInputStream;
import java.util.Set;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/**
 * Asks veraPDF about many files in one start of Java: {@code Ua ua1 FILE...}. Prints a line for each rule
 * that a file breaks, {@code FAIL file: clause-test sentence}, and at the end {@code checked N}.
 */
public final class Ua {
    public static void main(String[] arguments) {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour standard = PDFAFlavour.fromString(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            for (String fault : faults(arguments[i], standard)) {
                System.out.println("FAIL " + arguments[i] + ": " + fault);
            }
        }
        System.out.println("checked " + (arguments.length - 1));
    }

    private static Set<String> faults(String path, PDFAFlavour standard) {
        Set<String> found = new TreeSet<>();
        try (FileInputStream file = new FileInputStream(path);
                PDFAParser parser = Foundries.defaultInstance().createParser(file, standard)) {
            var result = Foundries.defaultInstance().createValidator(standard, false).validate(parser);
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    var rule = one.getRuleId();
                    found.add(rule.getClause() + "-" + rule.getTestNumber() + " " + oneLine(one.getMessage()));
                }
            }
            if (!result.isCompliant() && found.isEmpty()) {
                found.add("not compliant, without a reason given");
            }
        } catch (Exception unreadable) {
            found.add("cannot be read: " + oneLine(String.valueOf(unreadable)));
        }
        return found;
    }

    private static String oneLine(String words) {
        return words.replaceAll("\\s+", " ");
    }
}
