package dev.cachetool;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the code to the package table of docs/architecture.md. */
final class ArchitectureTest {
    private static final String ROOT = "dev.cachetool";

    /** What each package may use of the others. A package that is not here may not exist. */
    private static final Map<String, Set<String>> TABLE = Map.ofEntries(
            entry("digest", Set.of()),
            entry("json", Set.of("digest")),
            entry("oci", Set.of("digest", "json")),
            entry("pattern", Set.of()),
            entry("graph", Set.of("digest", "json", "pattern")),
            entry("content", Set.of("digest", "json", "oci", "pattern")),
            entry("cachemap", Set.of("graph", "digest", "json", "content", "pattern")),
            entry("solver", Set.of("cachemap", "graph", "content", "oci", "digest")),
            entry("store", Set.of("solver", "cachemap", "content", "pattern", "oci", "digest", "json")),
            entry(
                    "step",
                    Set.of("cachemap", "solver", "store", "content", "graph", "pattern", "oci", "digest", "json")),
            entry("registry", Set.of("content", "oci", "json", "digest")),
            entry("layout", Set.of("content", "oci", "json", "digest")),
            entry("remotecache", Set.of("solver", "content", "oci", "json", "digest")),
            entry(
                    "inspect",
                    Set.of(
                            "digest",
                            "json",
                            "oci",
                            "pattern",
                            "graph",
                            "content",
                            "cachemap",
                            "solver",
                            "store",
                            "step",
                            "registry",
                            "layout",
                            "remotecache")),
            entry("page", Set.of("inspect", "json")),
            entry(
                    "cli",
                    Set.of(
                            "digest",
                            "json",
                            "oci",
                            "pattern",
                            "graph",
                            "content",
                            "cachemap",
                            "solver",
                            "store",
                            "step",
                            "registry",
                            "layout",
                            "remotecache",
                            "inspect",
                            "page")));

    /** The only packages that may name a library, or a part of the JDK that reaches out of the process. */
    private static final Map<String, Set<String>> IMPORTERS = Map.ofEntries(
            entry("com.fasterxml.jackson..", Set.of("json", "graph")),
            entry("org.yaml.snakeyaml..", Set.of("graph")),
            entry("org.apache.commons.compress..", Set.of("content", "layout")),
            entry("com.github.luben.zstd..", Set.of("content")),
            entry("okhttp3..", Set.of("registry")),
            entry("okio..", Set.of("registry")),
            entry("picocli..", Set.of("cli")));

    private static final Set<String> NO_PACKAGE_NAMES = Set.of("util", "utils", "common", "core", "helper", "impl");

    private static JavaClasses classes = new ClassFileImporter().importClasses(List.of());

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    @Test
    void classes_whenImported_areThoseOfTheProduct() {
        assertTrue(classes.contain("dev.cachetool.cli.Main"), () -> "saw " + classes.size() + " classes");
    }

    @Test
    void packages_whenListed_areInTheTable() {
        Set<String> unknown = new TreeSet<>();
        for (JavaClass c : classes) {
            if (!TABLE.containsKey(packageOf(c))) {
                unknown.add(c.getName());
            }
        }
        assertEquals(Set.of(), unknown, "classes in no package of the table");
    }

    static Stream<String> packages() {
        return TABLE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void package_whenItUsesOthers_keepsToTheTable(String name) {
        Collection<String> allowed = Stream.concat(Stream.of(name), TABLE.get(name).stream())
                .map(ArchitectureTest::within)
                .toList();
        check(noClasses()
                .that()
                .resideInAPackage(within(name))
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .as("the package " + name + " uses only " + new TreeSet<>(TABLE.get(name))));
    }

    static Stream<String> libraries() {
        return IMPORTERS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void library_whenUsed_isUsedByItsPackagesOnly(String library) {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(within(IMPORTERS.get(library)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .as(library + " is used in " + IMPORTERS.get(library) + " only"));
    }

    @Test
    void packages_whenTakenWithTheirSubpackages_haveNoCycles() {
        check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
    }

    @Test
    void packages_whenListed_areNullMarked() {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass c : classes) {
            JavaPackage p = c.getPackage();
            boolean marked = p.tryGetPackageInfo()
                    .map(info -> info.isAnnotatedWith(NullMarked.class))
                    .orElse(false);
            if (!marked) {
                unmarked.add(p.getName());
            }
        }
        assertEquals(Set.of(), unmarked, "packages without a package-info.java that says @NullMarked");
    }

    @Test
    void names_whenRead_sayWhatAThingIs() {
        Set<String> bad = new TreeSet<>();
        for (JavaClass c : classes) {
            String simple = c.getSimpleName();
            if (simple.endsWith("Impl") || simple.matches("(Default|I(?=[A-Z][a-z]))[A-Z].*")) {
                bad.add(c.getName());
            }
            for (String part : c.getPackageName().split("\\.", -1)) {
                if (NO_PACKAGE_NAMES.contains(part)) {
                    bad.add(c.getPackageName());
                }
            }
        }
        assertEquals(Set.of(), bad);
    }

    @Test
    void standardStreams_whenUsed_areUsedByTheCommandLineOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("cli"))
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS));
    }

    @Test
    void process_whenEnded_isEndedByTheCommandLineOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("cli"))
                .should()
                .callMethodWhere(anyOf(Map.of(System.class, Set.of("exit"), Runtime.class, Set.of("exit", "halt")))));
    }

    @Test
    void process_whenStarted_isStartedByStepAndRegistryOnly() {
        assertAll(
                () -> check(noClasses()
                        .that()
                        .resideOutsideOfPackages(within(Set.of("step", "registry")))
                        .should()
                        .dependOnClassesThat()
                        .belongToAnyOf(ProcessBuilder.class)),
                () -> check(noClasses().should().callMethodWhere(anyOf(Map.of(Runtime.class, Set.of("exec"))))));
    }

    private static DescribedPredicate<JavaMethodCall> anyOf(Map<Class<?>, Set<String>> methods) {
        return DescribedPredicate.describe(
                "a call of " + methods,
                call -> methods.entrySet().stream()
                        .anyMatch(e -> call.getTargetOwner().isEquivalentTo(e.getKey())
                                && e.getValue().contains(call.getName())));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(classes);
    }

    private static String packageOf(JavaClass c) {
        String name = c.getPackageName();
        if (!name.startsWith(ROOT + ".")) {
            return "";
        }
        String below = name.substring(ROOT.length() + 1);
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    private static String within(String name) {
        return ROOT + "." + name + "..";
    }

    private static String[] within(Set<String> names) {
        return names.stream().map(ArchitectureTest::within).toArray(String[]::new);
    }
}
