"""Pictures and faces in child processes: a hostile or broken picture costs one picture, never the app."""
