package dev.cachetool.registry;

import dev.cachetool.json.JsonValue;

/**
 * Where auth is written: a file, or an environment variable with what else stands in a file.
 *
 * @param name the path of the file, or the name of the variable
 * @param giveUp how a person does without it
 * @param login the command that logs in anew
 */
record AuthPlace(String name, String giveUp, String login) {
    static final String DOCKER_LOGIN = "docker login";
    static final String PODMAN_LOGIN = "podman login";

    /** The file of that path. */
    static AuthPlace file(String path, String login) {
        return new AuthPlace(path, "move it away", login);
    }

    /** The environment variable of that name. */
    static AuthPlace variable(String name, String login) {
        return new AuthPlace(name, "unset it", login);
    }

    /** The place of a value in it. */
    String at(JsonValue value) {
        return at(value.line(), value.column());
    }

    /** The place in it; line and column are 0 where they are not known. */
    String at(int line, int column) {
        return line > 0 ? name + ":" + line + ":" + column : name;
    }

    /** What to do where its content is wrong. */
    String mend(String registry) {
        return "mend it, or " + instead(registry);
    }

    /** What to do where it cannot be used. */
    String instead(String registry) {
        return giveUp + " and log in anew: " + login + " " + registry;
    }
}
