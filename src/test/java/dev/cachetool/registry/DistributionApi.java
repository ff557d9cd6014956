package dev.cachetool.registry;

import dev.cachetool.digest.Digest;
import dev.cachetool.json.JsonException;
import dev.cachetool.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The endpoints of OCI distribution-spec 1.1, without referrers, as Docker's registry answers them. */
final class DistributionApi {
    private static final String NAME =
            "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*";
    private static final Pattern BLOB = Pattern.compile("/v2/(" + NAME + ")/blobs/([a-z0-9]+:[^/]+)");
    private static final Pattern UPLOADS = Pattern.compile("/v2/(" + NAME + ")/blobs/uploads/");
    private static final Pattern UPLOAD = Pattern.compile("/v2/(" + NAME + ")/blobs/uploads/([^/]+)");
    private static final Pattern MANIFEST = Pattern.compile("/v2/(" + NAME + ")/manifests/([^/]+)");
    private static final Pattern TAGS = Pattern.compile("/v2/(" + NAME + ")/tags/list");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]*)-([0-9]*)");
    private static final Pattern CONTENT_RANGE = Pattern.compile("([0-9]+)-([0-9]+)");

    private final HostedContent content;
    private final UploadLocation uploadLocation;
    private final int tagsPage;
    private final boolean conditions;

    DistributionApi(HostedContent content, UploadLocation uploadLocation, int tagsPage, boolean conditions) {
        this.content = content;
        this.uploadLocation = uploadLocation;
        this.tagsPage = tagsPage;
        this.conditions = conditions;
    }

    /** An error as the specification has it. */
    static ServedResponse error(int status, String code, String message) {
        byte[] body = JsonWriter.bytes(json -> json.beginObject()
                .name("errors")
                .beginArray()
                .beginObject()
                .name("code")
                .value(code)
                .name("message")
                .value(message)
                .endObject()
                .endArray()
                .endObject());
        return ServedResponse.of(status).withBody("application/json", new String(body, StandardCharsets.UTF_8));
    }

    ServedResponse answer(ServedRequest request) throws IOException {
        if (request.path().equals("/v2/")) {
            return ServedResponse.of(200).withBody("application/json", "{}");
        }
        Matcher uploads = UPLOADS.matcher(request.path());
        if (uploads.matches()) {
            return request.method().equals("POST") ? beginUpload(request, uploads.group(1)) : unsupported();
        }
        Matcher upload = UPLOAD.matcher(request.path());
        if (upload.matches()) {
            return upload(request, upload.group(1), upload.group(2));
        }
        Matcher blob = BLOB.matcher(request.path());
        if (blob.matches()) {
            return blob(request, blob.group(1), blob.group(2));
        }
        Matcher manifest = MANIFEST.matcher(request.path());
        if (manifest.matches()) {
            return manifest(request, manifest.group(1), manifest.group(2));
        }
        Matcher tags = TAGS.matcher(request.path());
        if (tags.matches()) {
            return request.method().equals("GET") ? tags(request, tags.group(1)) : unsupported();
        }
        return error(404, "NAME_INVALID", "nothing is at " + request.path());
    }

    private ServedResponse blob(ServedRequest request, String name, String text) {
        Optional<Digest> parsed = Digest.tryParse(text);
        if (parsed.isEmpty()) {
            return error(400, "DIGEST_INVALID", "no digest: " + text);
        }
        Digest digest = parsed.get();
        Optional<HostedRepository> repository = content.repository(name);
        if (repository.isEmpty()) {
            return unknownName(name);
        }
        Optional<Payload> blob = repository.get().blob(digest);
        if (blob.isEmpty()) {
            return error(404, "BLOB_UNKNOWN", "no blob " + digest + " in " + name);
        }
        return switch (request.method()) {
            case "HEAD" -> wholeBlob(blob.get(), digest);
            case "GET" -> blobRange(request, blob.get(), digest);
            case "DELETE" -> {
                repository.get().removeBlob(digest);
                yield ServedResponse.of(202);
            }
            default -> unsupported();
        };
    }

    private static ServedResponse wholeBlob(Payload blob, Digest digest) {
        return ServedResponse.of(200)
                .withHeader("Content-Type", "application/octet-stream")
                .withHeader("Docker-Content-Digest", digest.toString())
                .withHeader("Accept-Ranges", "bytes")
                .withBody(blob);
    }

    /** One range of RFC 9110; several, and what is no range, are passed over. */
    private static ServedResponse blobRange(ServedRequest request, Payload blob, Digest digest) {
        ServedResponse whole = wholeBlob(blob, digest);
        Matcher range = RANGE.matcher(request.header("Range").orElse(""));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return whole;
        }
        long length = blob.length();
        long last = range.group(2).isEmpty() ? length - 1 : Math.min(Long.parseLong(range.group(2)), length - 1);
        long first;
        if (range.group(1).isEmpty()) {
            first = Math.max(0, length - Long.parseLong(range.group(2)));
            last = length - 1;
        } else {
            first = Long.parseLong(range.group(1));
        }
        if (first > last) {
            return error(416, "RANGE_INVALID", "the blob has " + length + " bytes")
                    .withHeader("Content-Range", "bytes */" + length);
        }
        return new ServedResponse(
                206,
                whole.headers().with("Content-Range", "bytes " + first + "-" + last + "/" + length),
                blob.slice(first, last - first + 1),
                whole.interims(),
                whole.framing(),
                whole.after(),
                whole.passage());
    }

    private ServedResponse beginUpload(ServedRequest request, String name) throws IOException {
        Optional<Digest> mount = request.parameter("mount").flatMap(Digest::tryParse);
        Optional<Payload> mounted = mount.isPresent()
                ? request.parameter("from").flatMap(content::repository).flatMap(from -> from.blob(mount.get()))
                : Optional.empty();
        if (mounted.isPresent()) {
            content.repositoryToPush(name).addBlob(mount.get(), mounted.get());
            return blobCreated(request, name, mount.get());
        }
        String id = content.begin(name);
        HostedUpload upload = content.upload(id).orElseThrow();
        if (request.parameter("digest").isEmpty()) {
            return uploadState(202, request, name, id, upload);
        }
        try {
            return finishUpload(request, name, id, upload);
        } finally {
            content.abandon(id);
        }
    }

    private ServedResponse upload(ServedRequest request, String name, String id) throws IOException {
        Optional<HostedUpload> found =
                content.upload(id).filter(u -> u.repository().equals(name));
        if (found.isEmpty()) {
            return error(404, "BLOB_UPLOAD_UNKNOWN", "no upload " + id + " in " + name);
        }
        HostedUpload upload = found.get();
        return switch (request.method()) {
            case "GET" -> uploadState(204, request, name, id, upload);
            case "PATCH" -> {
                Optional<ServedResponse> refusal = takeBytes(request, name, id, upload);
                yield refusal.isPresent() ? refusal.get() : uploadState(202, request, name, id, upload);
            }
            case "PUT" -> finishUpload(request, name, id, upload);
            case "DELETE" -> {
                content.abandon(id);
                yield ServedResponse.of(204);
            }
            default -> unsupported();
        };
    }

    /** Takes the body of the request; an answer says why it was not taken. */
    private Optional<ServedResponse> takeBytes(ServedRequest request, String name, String id, HostedUpload upload)
            throws IOException {
        long before = upload.size();
        if (!uploadLocation.isCurrent(request, before)) {
            return Optional.of(error(400, "BLOB_UPLOAD_INVALID", "not the last location of the upload"));
        }
        Optional<String> range = request.header("Content-Range");
        if (range.isEmpty()) {
            upload.append(request.body());
            return Optional.empty();
        }
        Matcher m = CONTENT_RANGE.matcher(range.get());
        if (!m.matches() || Long.parseLong(m.group(1)) != before) {
            return Optional.of(uploadState(416, request, name, id, upload));
        }
        upload.append(request.body());
        return upload.size() == Long.parseLong(m.group(2)) + 1
                ? Optional.empty()
                : Optional.of(error(400, "SIZE_INVALID", "Content-Range does not fit the body"));
    }

    private ServedResponse finishUpload(ServedRequest request, String name, String id, HostedUpload upload)
            throws IOException {
        Optional<Digest> digest = request.parameter("digest").flatMap(Digest::tryParse);
        if (digest.isEmpty()) {
            return error(400, "DIGEST_INVALID", "the parameter digest is no digest");
        }
        Optional<ServedResponse> refusal =
                request.method().equals("PUT") ? takeBytes(request, name, id, upload) : Optional.empty();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (request.method().equals("POST")) {
            upload.append(request.body());
        }
        return content.finish(id, upload, digest.get())
                ? blobCreated(request, name, digest.get())
                : error(400, "DIGEST_INVALID", "the bytes do not have the digest " + digest.get());
    }

    private ServedResponse uploadState(int status, ServedRequest request, String name, String id, HostedUpload upload) {
        long size = upload.size();
        return ServedResponse.of(status)
                .withHeader("Location", uploadLocation.of(request, "/v2/" + name + "/blobs/uploads/" + id, size))
                .withHeader("Range", "0-" + Math.max(0, size - 1))
                .withHeader("Docker-Upload-UUID", id);
    }

    private static ServedResponse blobCreated(ServedRequest request, String name, Digest digest) {
        return ServedResponse.of(201)
                .withHeader("Location", request.base() + "/v2/" + name + "/blobs/" + digest)
                .withHeader("Docker-Content-Digest", digest.toString());
    }

    private ServedResponse manifest(ServedRequest request, String name, String reference) throws IOException {
        if (Digest.tryParse(reference).isEmpty() && !TAG.matcher(reference).matches()) {
            return error(400, "TAG_INVALID", "neither tag nor digest: " + reference);
        }
        if (request.method().equals("PUT")) {
            return putManifest(request, name, reference);
        }
        Optional<HostedRepository> repository = content.repository(name);
        if (repository.isEmpty()) {
            return unknownName(name);
        }
        Optional<HostedManifest> manifest = repository.get().manifest(reference);
        if (manifest.isEmpty()) {
            return error(404, "MANIFEST_UNKNOWN", "no manifest " + reference + " in " + name);
        }
        return switch (request.method()) {
            case "HEAD", "GET" ->
                ServedResponse.of(200)
                        .withHeader("Content-Type", manifest.get().mediaType())
                        .withHeader(
                                "Docker-Content-Digest", manifest.get().digest().toString())
                        .withHeader("ETag", manifest.get().entityTag())
                        .withBody(Payload.of(manifest.get().bytes()));
            case "DELETE" -> {
                repository.get().removeManifest(reference);
                yield ServedResponse.of(202);
            }
            default -> unsupported();
        };
    }

    private ServedResponse putManifest(ServedRequest request, String name, String reference) throws IOException {
        HostedManifest manifest =
                new HostedManifest(request.header("Content-Type").orElse(""), request.readBody());
        Optional<Digest> wanted = Digest.tryParse(reference);
        if (wanted.isPresent() && !wanted.get().equals(manifest.digest())) {
            return error(400, "DIGEST_INVALID", "the bytes have the digest " + manifest.digest());
        }
        List<Digest> missing;
        try {
            HostedRepository known = content.repository(name).orElseGet(HostedRepository::new);
            missing = known.missing(manifest);
        } catch (JsonException | IllegalArgumentException e) {
            return error(400, "MANIFEST_INVALID", String.valueOf(e.getMessage()));
        }
        if (!missing.isEmpty()) {
            return error(400, "MANIFEST_BLOB_UNKNOWN", "not in " + name + ": " + missing);
        }
        boolean holds = content.repositoryToPush(name)
                .addManifestIf(
                        reference,
                        manifest,
                        conditions ? request.header("If-Match") : Optional.empty(),
                        conditions ? request.header("If-None-Match") : Optional.empty());
        if (!holds) {
            return error(412, "PRECONDITION_FAILED", "another manifest stands there");
        }
        return ServedResponse.of(201)
                .withHeader("Location", request.base() + "/v2/" + name + "/manifests/" + manifest.digest())
                .withHeader("Docker-Content-Digest", manifest.digest().toString());
    }

    private ServedResponse tags(ServedRequest request, String name) {
        Optional<HostedRepository> repository = content.repository(name);
        if (repository.isEmpty()) {
            return unknownName(name);
        }
        String last = request.parameter("last").orElse("");
        List<String> rest = repository.get().tags().stream()
                .filter(tag -> tag.compareTo(last) > 0)
                .toList();
        int wanted = request.parameter("n").map(Integer::parseInt).orElse(tagsPage);
        List<String> page = rest.subList(0, Math.min(rest.size(), Math.min(wanted, tagsPage)));
        byte[] body = JsonWriter.bytes(json -> {
            json.beginObject().name("name").value(name).name("tags").beginArray();
            for (String tag : page) {
                json.value(tag);
            }
            json.endArray().endObject();
        });
        ServedResponse response =
                ServedResponse.of(200).withBody("application/json", new String(body, StandardCharsets.UTF_8));
        if (page.isEmpty() || page.size() == rest.size()) {
            return response;
        }
        String next = request.path() + "?last=" + page.get(page.size() - 1) + "&n=" + page.size();
        return response.withHeader("Link", "<" + next + ">; rel=\"next\"");
    }

    private static ServedResponse unknownName(String name) {
        return error(404, "NAME_UNKNOWN", "no repository " + name);
    }

    private static ServedResponse unsupported() {
        return error(405, "UNSUPPORTED", "the method is not supported here");
    }
}
