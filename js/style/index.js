import './base.css';
import './curves.css';
import './marks.css';
import './run.css';
