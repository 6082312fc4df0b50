package io.tarn.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tarn.client.Key;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import org.junit.jupiter.api.Test;

/** Which way dependencies point, and why. */
class ArchitectureTest {
    private static final JavaClasses TARN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tarn");

    /** The interface of a file system, and the values that go in and out of it. */
    private static final DescribedPredicate<JavaClass> FILE_SYSTEM = resideInAPackage("io.tarn.posix.fs..")
            .and(modifier(JavaModifier.PUBLIC))
            .and(simpleNameStartingWith("Volume")
                    .or(simpleNameStartingWith("Mount"))
                    .negate());

    @Test
    void aGatewaySeesOfTarnTheClientApiAndItsFailures() {
        classes()
                .that(resideInAPackage("io.tarn.s3.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.tarn.s3..", "io.tarn.client..")
                        .or(type(Failure.class))
                        .or(type(StorageException.class))
                        .or(resideInAPackage("io.tarn..").negate()))
                .because("a second gateway must be able to do all that the first one does")
                .check(TARN);
    }

    @Test
    void theOperationsOfAMountKnowTheClientApiAndNoTransport() {
        classes()
                .that(resideInAPackage("io.tarn.posix.fs.."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("io.tarn.posix.fs..", "io.tarn.posix.journal..", "io.tarn.client..")
                                .or(type(Failure.class))
                                .or(type(StorageException.class))
                                .or(resideInAPackage("io.tarn..").negate()))
                .because("they are carried to a kernel by more than one transport, and tested without any")
                .check(TARN);
    }

    @Test
    void aTransportKnowsTheOperationsAndNotWhatCarriesThemOut() {
        classes()
                .that(resideInAPackage("io.tarn.posix.fuse.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.tarn.posix.fuse..", "io.tarn.posix.linux..")
                        .or(FILE_SYSTEM)
                        .or(type(Key.class))
                        .or(resideInAPackage("io.tarn..").negate()))
                .because("whatever speaks FileSystem can be mounted")
                .check(TARN);
    }

    @Test
    void theJournalOfAMountIsMemoryAndNothingElse() {
        classes()
                .that(resideInAPackage("io.tarn.posix.journal.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.tarn.posix.journal..", "io.tarn.client..")
                        .or(resideInAPackage("io.tarn..").negate()))
                .because("wherever its memory comes from, what a killed process leaves in it can be tested")
                .check(TARN);
    }

    @Test
    void thePortableTransportSharesWithTheOtherHowMountsAreMade() {
        classes()
                .that(resideInAPackage("io.tarn.posix.jnr.."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("io.tarn.posix.jnr..", "io.tarn.posix.fuse..", "io.tarn.posix.linux..")
                                .or(FILE_SYSTEM)
                                .or(type(Key.class))
                                .or(resideInAPackage("io.tarn..").negate()))
                .because("whatever speaks FileSystem can be mounted")
                .check(TARN);
    }

    @Test
    void onlyThePortableTransportSeesJnr() {
        noClasses()
                .that(resideInAPackage("io.tarn.posix.jnr..").negate())
                .should()
                .dependOnClassesThat(resideInAnyPackage("ru.serce..", "jnr..", "com.kenai.."))
                .because("a mount that does without it is not to load it")
                .check(TARN);
    }

    @Test
    void systemCallsKnowNothingOfTarn() {
        classes()
                .that(resideInAPackage("io.tarn.posix.linux.."))
                .should()
                .onlyDependOnClassesThat(resideInAPackage("io.tarn.posix.linux..")
                        .or(resideInAPackage("io.tarn..").negate()))
                .because("they are Linux's")
                .check(TARN);
    }

    @Test
    void theHolderOfMountsIsSmall() {
        classes()
                .that(resideInAnyPackage("io.tarn.server.mount.holder..", "io.tarn.server.mount.control.."))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "io.tarn.server.mount.holder..",
                        "io.tarn.server.mount.control..",
                        "io.tarn.posix.linux..",
                        "java.."))
                .because("it lives as long as there is a mount, on every machine that has one")
                .check(TARN);
    }

    @Test
    void theCoreKnowsNoGatewayAndNoServer() {
        noClasses()
                .that(resideInAnyPackage("io.tarn.core..", "io.tarn.client.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.tarn.s3..", "io.tarn.posix..", "io.tarn.server..", "org.springframework.."))
                .because("protocols come and go; what is stored stays")
                .check(TARN);
    }

    @Test
    void onlyTheShardSeesRatis() {
        noClasses()
                .that(resideInAPackage("io.tarn.core.shard..").negate())
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.ratis.."))
                .because("consensus is one part, behind the interface Shard")
                .check(TARN);
    }

    @Test
    void onlyTheStoresSeeRocksDb() {
        noClasses()
                .that(resideInAPackage("io.tarn.core.kv..").negate())
                .should()
                .dependOnClassesThat(resideInAPackage("org.rocksdb.."))
                .because("state machines also run on a store in memory, where failures can be replayed")
                .check(TARN);
    }

    @Test
    void extentsKnowNothingOfNames() {
        noClasses()
                .that(resideInAnyPackage("io.tarn.core.extent..", "io.tarn.core.file.."))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.tarn.core.namespace..", "io.tarn.core.session..", "io.tarn.client.."))
                .because("what an extent is used for is told to it through ExtentLedger")
                .check(TARN);
    }

    @Test
    void theStateMachinesDoNoInputOrOutput() {
        noClasses()
                .that(resideInAPackage("io.tarn.core.namespace"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "java.io..", "java.nio.file..", "java.net..", "java.time..", "java.util.concurrent.."))
                .because("the same log has to give the same state on every replica")
                .check(TARN);
    }
}
