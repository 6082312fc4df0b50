package io.tarn.s3.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.wire.HeaderLines;
import io.tarn.s3.wire.PercentCoding;
import io.tarn.s3.wire.RawRequest;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3RequestTest {
    private static final Addressing ADDRESSING = new Addressing(List.of("s3.example.com"));

    private static S3Request parse(final String method, final String target, final String... headers) {
        return S3Request.parse(RawRequest.of(method, target, HeaderLines.of(headers)), ADDRESSING);
    }

    private static S3ErrorCode refused(final String method, final String target) {
        return catchThrowableOfType(S3Exception.class, () -> parse(method, target))
                .code();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, LIST_BUCKETS",
        "PUT, /b, CREATE_BUCKET",
        "PUT, /b/, CREATE_BUCKET",
        "HEAD, /b, HEAD_BUCKET",
        "DELETE, /b, DELETE_BUCKET",
        "GET, /b, LIST_OBJECTS",
        "GET, /b?prefix=acl, LIST_OBJECTS",
        "GET, /b?list-type=2&prefix=x, LIST_OBJECTS_V2",
        "GET, /b?list-type=1, LIST_OBJECTS",
        "GET, /b?versions, LIST_OBJECT_VERSIONS",
        "GET, /b?uploads, LIST_MULTIPART_UPLOADS",
        "POST, /b?delete, DELETE_OBJECTS",
        "POST, /b, POST_OBJECT",
        "GET, /b?location, GET_BUCKET_LOCATION",
        "PUT, /b?versioning, PUT_BUCKET_VERSIONING",
        "GET, /b?inventory, LIST_BUCKET_INVENTORY",
        "GET, /b?inventory&id=1, GET_BUCKET_INVENTORY",
        "PUT, /b?acl, PUT_BUCKET_ACL",
        "GET, /b/k, GET_OBJECT",
        "HEAD, /b/k?partNumber=1, HEAD_OBJECT",
        "GET, /b/k?versionId=1&attributes, GET_OBJECT_ATTRIBUTES",
        "DELETE, /b/k?tagging&versionId=x, DELETE_OBJECT_TAGGING",
        "POST, /b/k?uploads, CREATE_MULTIPART_UPLOAD",
        "PUT, /b/k?partNumber=1&uploadId=u, UPLOAD_PART",
        "POST, /b/k?uploadId=u, COMPLETE_MULTIPART_UPLOAD",
        "DELETE, /b/k?uploadId=u, ABORT_MULTIPART_UPLOAD",
        "GET, /b/k?uploadId=u, LIST_PARTS",
        "POST, /b/k?select&select-type=2, SELECT_OBJECT_CONTENT",
        "PUT, /b/k?renameObject, RENAME_OBJECT",
        "OPTIONS, /b/k, CORS_PREFLIGHT",
        "PUT, /b/k, PUT_OBJECT"
    })
    void routes(final String method, final String target, final Operation operation) {
        assertThat(parse(method, target).operation()).isEqualTo(operation);
    }

    @Test
    void routesCopiesByTheirHeader() {
        assertThat(parse("PUT", "/b/k", "x-amz-copy-source", "a/b").operation()).isEqualTo(Operation.COPY_OBJECT);
        assertThat(parse("PUT", "/b/k?uploadId=u&partNumber=1", "x-amz-copy-source", "a/b")
                        .operation())
                .isEqualTo(Operation.UPLOAD_PART_COPY);
    }

    @Test
    void everyOperationButTheVariantsIsReachedByItsOwnDescription() {
        Set<Operation> variants = EnumSet.range(Operation.COPY_OBJECT, Operation.WRITE_GET_OBJECT_RESPONSE);
        for (Operation operation : EnumSet.complementOf(EnumSet.copyOf(variants))) {
            String path =
                    switch (operation.level()) {
                        case SERVICE -> "/";
                        case BUCKET -> "/b";
                        case OBJECT -> "/b/k";
                    };
            String value = operation == Operation.LIST_OBJECTS_V2 ? "=2&id=1" : "&id=1";
            assertThat(parse(operation.method(), path + "?" + operation.subResource() + value)
                            .operation())
                    .isEqualTo(operation);
        }
    }

    @ParameterizedTest
    @CsvSource({"PATCH, /b/k", "POST, /b/k", "DELETE, /b?acl", "PUT, /", "POST, /b/k?tagging"})
    void refusesAMethodTheResourceDoesNotHave(final String method, final String target) {
        assertThat(refused(method, target)).isEqualTo(S3ErrorCode.METHOD_NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "/b/a, a",
        "/b//a, /a",
        "/b/a//b/, a//b/",
        "/b/./../x, ./../x",
        "/b/a%2Fb, a/b",
        "/b/a+b, a+b",
        "/b/%E2%82%AC, €",
        "/b/%F0%9F%98%80, 😀",
        "/b/%00, '\0'"
    })
    void takesTheKeyExactly(final String path, final String key) {
        assertThat(parse("GET", path).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/b/%", "/b/%4", "/b/%zz", "/b/%FF", "/b/%C0%80", "/b/%ED%A0%80", "/b?x=%", "b"})
    void refusesWhatIsNotPercentCodedUtf8(final String target) {
        assertThat(refused("GET", target)).isEqualTo(S3ErrorCode.INVALID_URI);
    }

    @Test
    void takesKeysOf1024BytesAndNotOneMore() {
        assertThat(parse("GET", "/b/" + "k".repeat(1024)).key()).hasSize(1024);
        assertThat(refused("GET", "/b/" + "k".repeat(1025))).isEqualTo(S3ErrorCode.KEY_TOO_LONG);
        assertThat(parse("GET", "/b/" + "%E2%82%AC".repeat(341)).key()).hasSize(341);
        assertThat(refused("GET", "/b/" + "%E2%82%AC".repeat(342))).isEqualTo(S3ErrorCode.KEY_TOO_LONG);
    }

    @Test
    void findsTheBucketInTheHost() {
        S3Request request = parse("GET", "/k/l", "Host", "My.Bucket.s3.example.com:9000");
        assertThat(request.target().bucket()).contains("my.bucket");
        assertThat(request.key()).isEqualTo("k/l");
        assertThat(parse("GET", "/", "Host", "b.s3.example.com").operation()).isEqualTo(Operation.LIST_OBJECTS);
        assertThat(parse("GET", "/b/k", "Host", "s3.example.com").bucket()).isEqualTo("b");
        assertThat(parse("GET", "/b/k", "Host", "[::1]:9000").bucket()).isEqualTo("b");
    }

    @Property(tries = 500)
    void anyKeySurvivesItsCoding(final @ForAll @StringLength(min = 1, max = 200) String text) {
        String key = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertThat(parse("GET", "/b/" + PercentCoding.encode(key)).key()).isEqualTo(key);
    }

    @Property(tries = 500)
    void anyTargetIsParsedOrAnsweredWithAnS3Error(final @ForAll String target, final @ForAll String method) {
        catchThrowableOfType(S3Exception.class, () -> parse(method, "/" + target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "a-b.c", "0bucket", "my.bucket.1", "a--b"})
    void allowsBucketNames(final String name) {
        assertThat(BucketNames.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ab",
                "Abc",
                "a_b",
                "-abc",
                "abc-",
                ".abc",
                "a..b",
                "192.168.5.4",
                "xn--abc",
                "abc-s3alias",
                "é12"
            })
    void refusesBucketNames(final String name) {
        assertThat(BucketNames.isValid(name)).isFalse();
        assertThat(BucketNames.isValid("a".repeat(64))).isFalse();
    }
}
